// SPDX-License-Identifier: MIT
// Walks a pickled value with a limit, since it may contain itself.
#include "ascribo/io/pickle_json.h"

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

using Kind = PickleValue::Kind;

constexpr int kDeepest = 16;
constexpr int kMostValues = 1000000;

bool plain(Kind kind) {
  return kind != Kind::kBigInteger && kind != Kind::kBytes && kind != Kind::kGlobal &&
         kind != Kind::kObject && kind != Kind::kPersistent;
}

class Walk {
 public:
  explicit Walk(JsonWriter& json) : json_(json) {}

  void write(const PickleValue& value, int depth) {
    if (depth > kDeepest || ++count_ > kMostValues) {
      fail(Code::kUnsupported, "pickle", "a configuration is nested or large without end",
           "expected at most " + std::to_string(kMostValues) + " values");
    }
    switch (value.kind()) {
      case Kind::kBool: json_.value(value.boolean()); break;
      case Kind::kInteger: json_.value(value.integer()); break;
      case Kind::kNumber: json_.value(value.number()); break;
      case Kind::kString: json_.value(value.string()); break;
      case Kind::kList:
      case Kind::kTuple:
      case Kind::kSet:
        json_.begin_array();
        value.elements([&](const PickleValue& each) { write(each, depth + 1); });
        json_.end_array();
        break;
      case Kind::kDict: write_dict(value, depth); break;
      default: json_.null();
    }
  }

 private:
  void write_dict(const PickleValue& value, int depth) {
    json_.begin_object();
    value.members([&](const PickleValue& key, const PickleValue& each) {
      if (!plain(each.kind())) return;
      if (key.is(Kind::kString)) {
        json_.key(key.string());
      } else if (key.is(Kind::kInteger)) {
        json_.key(std::to_string(key.integer()));
      } else {
        return;
      }
      write(each, depth + 1);
    });
    json_.end_object();
  }

  JsonWriter& json_;
  int count_ = 0;
};

}  // namespace

void write_json(const PickleValue& value, JsonWriter& json) { Walk(json).write(value, 0); }

}  // namespace ascribo
