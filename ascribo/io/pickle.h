// SPDX-License-Identifier: MIT
// Reads Python's pickles as plain data: nothing they name is ever imported or called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ascribo {

struct PickleDocument;

/// A value inside a pickle. Text that is no valid UTF-8 is given as kBytes. Handles share the
/// document and may be copied freely; views stay valid while any handle of the document lives, and
/// where a text was stored as it is, they lie in the bytes that were read. Values may contain
/// themselves: who walks them keeps count. Const methods may be called concurrently. Asking for the
/// wrong kind throws Error(kBadFile) naming the document and the key under which this value was
/// found.
class PickleValue {
 public:
  enum class Kind {
    kNone,
    kBool,
    kInteger,
    kBigInteger,  ///< more than 64 bits; bytes() are its little-endian two's complement
    kNumber,
    kString,
    kBytes,
    kList,
    kTuple,
    kSet,
    kDict,
    kGlobal,      ///< a class or function, by name only
    kObject,      ///< what a class or function would have made; an inert record
    kPersistent,  ///< what the program that wrote it keeps elsewhere, such as a tensor's storage
  };

  /// Reads protocols 0 to 5 up to the first STOP; `where` names the pickle in errors. What is read
  /// must stay. `length`, if given, receives the bytes read. Errors: kBadFile saying at which byte;
  /// kUnsupported for more values than any checkpoint has.
  static PickleValue read(std::span<const std::byte> bytes, const std::string& where,
                          std::size_t* length = nullptr);

  Kind kind() const;
  bool is(Kind kind) const { return this->kind() == kind; }

  bool boolean() const;
  std::int64_t integer() const;
  double number() const;  ///< accepts an integer
  std::string_view string() const;
  std::span<const std::byte> bytes() const;  ///< of kBytes and kBigInteger

  /// Entries of a list, tuple, set or dict, or those that were put into an object.
  std::size_t size() const;
  PickleValue at(std::size_t index) const;  ///< of a list or tuple; throws when out of range
  void elements(const std::function<void(const PickleValue& value)>& visit) const;
  /// Of a dict, or what was set in an object, in the order of setting.
  void members(
      const std::function<void(const PickleValue& key, const PickleValue& value)>& visit) const;
  /// What members() gives for this text; empty when absent.
  std::optional<PickleValue> find(std::string_view key) const;
  PickleValue at(std::string_view key) const;

  /// "module.name" of a global, or of the class or function that would have made an object.
  std::string_view name() const;
  PickleValue arguments() const;             ///< of an object: a tuple
  std::optional<PickleValue> state() const;  ///< what __setstate__ would get
  PickleValue persistent_id() const;

  /// A member of the object's state, which is a dict or (slots) a tuple of two.
  std::optional<PickleValue> attribute(std::string_view name) const;

  /// Every value of one kind anywhere in the pickle, as they come; cycles do not matter.
  void all(Kind kind, const std::function<void(const PickleValue& value)>& visit) const;

  /// Tells values apart: equal for the very same value, which a pickle may use in many places.
  std::uint32_t identity() const { return index_; }

  /// "a list", "an object of collections.Counter": for errors.
  std::string what() const;

  /// Throws Error(kBadFile): where, `what() expected expected`.
  [[noreturn]] void refuse(const std::string& expected) const;

 private:
  friend class PickleMachine;
  PickleValue(std::shared_ptr<const PickleDocument> document, std::uint32_t index,
              std::string_view key = {});
  PickleValue value(std::uint32_t index, std::string_view key = {}) const;

  std::shared_ptr<const PickleDocument> document_;
  std::uint32_t index_ = 0;
  std::string_view key_;
};

}  // namespace ascribo
