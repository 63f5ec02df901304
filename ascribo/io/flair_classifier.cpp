// SPDX-License-Identifier: MIT
// Reads the parts of a Flair classifier from the plain values and records in its pickle.
#include "ascribo/io/flair_classifier.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/integer.h"
#include "ascribo/base/utf8.h"
#include "ascribo/io/pickle_json.h"
#include "ascribo/io/zip_entries.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;
using Kind = PickleValue::Kind;

constexpr const char* kExpected = "expected a Flair TextClassifier over transformer embeddings";

std::string text_of(const PickleValue& value) {
  if (value.is(Kind::kString)) return std::string(value.string());
  const auto bytes = value.bytes();
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (find_invalid_utf8(text)) value.refuse("UTF-8");
  return text;
}

/// The settings of embeddings: a dict of them, or an object's attributes.
class Settings {
 public:
  explicit Settings(PickleValue value) : value_(std::move(value)) {}

  std::optional<PickleValue> find(std::string_view name) const {
    auto found = value_.is(Kind::kDict) ? value_.find(name) : value_.attribute(name);
    return found && !found->is(Kind::kNone) ? found : std::nullopt;
  }
  /// The first of several names that one thing has had.
  std::optional<PickleValue> find_first(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      if (auto found = find(name)) return found;
    }
    return std::nullopt;
  }
  bool flag(std::string_view name, bool otherwise) const {
    const auto found = find(name);
    return found ? found->boolean() : otherwise;
  }
  std::string class_name() const {
    if (value_.is(Kind::kObject)) return std::string(value_.name());
    const auto name = find("__cls__");
    return name ? text_of(*name) : value_.what();
  }

 private:
  PickleValue value_;
};

class Reader {
 public:
  explicit Reader(const fs::path& path) : where_(path.string()) {
    result_.file = TorchFile::open(path);
  }

  FlairClassifier read() {
    const PickleValue& root = result_.file->root();
    check_root(root);
    const auto embeddings = root.find("document_embeddings");
    const Settings settings(*embeddings);
    if (!settings.class_name().ends_with("TransformerDocumentEmbeddings")) {
      refuse("its document embeddings are " + settings.class_name());
    }
    read_labels(root.at("label_dictionary"));
    if (const auto multi = root.find("multi_label"); multi && multi->is(Kind::kBool)) {
      result_.multi_label = multi->boolean();
    }
    read_prefix(root.at("state_dict"));
    read_transformer(settings);
    read_pooling(settings);
    read_tokenizer(settings);
    return std::move(result_);
  }

 private:
  [[noreturn]] void refuse(const std::string& given, std::string_view hint = {}) const {
    fail(Code::kUnsupported, where_, given, kExpected, hint);
  }

  void check_root(const PickleValue& root) const {
    if (!root.is(Kind::kDict)) refuse("the file holds " + root.what());
    const auto name = root.find("__cls__");
    if (name && name->is(Kind::kString) && name->string() != "TextClassifier") {
      refuse("the file is a Flair " + std::string(name->string()));
    }
    if (root.find("tag_dictionary")) refuse("the file is a Flair SequenceTagger");
    const bool classifier = root.find("document_embeddings") && root.find("label_dictionary");
    if (!classifier) {
      bool tensors = false;
      root.members([&](const PickleValue&, const PickleValue& value) {
        tensors |= TorchFile::is_tensor(value);
      });
      refuse(tensors ? "the file holds weights alone" : "the file is no Flair TextClassifier",
             tensors ? "name it pytorch_model.bin, in a folder with the model's config.json" : "");
    }
    if (root.find("decoder")) refuse("the classifier has a decoder of its own");
  }

  void read_labels(const PickleValue& dictionary) {
    const auto items = Settings(dictionary).find("idx2item");
    if (!items || !items->is(Kind::kList)) {
      fail(Code::kBadCheckpoint, where_, "the label dictionary is " + dictionary.what(),
           "expected one with a list idx2item");
    }
    items->elements([&](const PickleValue& item) { result_.labels.push_back(text_of(item)); });
  }

  void read_prefix(const PickleValue& weights) {
    for (const std::string prefix : {"embeddings.model.", "document_embeddings.model."}) {
      weights.members([&](const PickleValue& key, const PickleValue&) {
        if (key.is(Kind::kString) && key.string().starts_with(prefix)) result_.prefix = prefix;
      });
    }
    if (!result_.prefix.empty()) return;
    fail(Code::kBadCheckpoint, where_, "state_dict has no weights of a transformer",
         "expected names that begin with \"embeddings.model.\"");
  }

  /// The configuration: a dict, or the object of transformers' class, whose name tells the type.
  void read_transformer(const Settings& settings) {
    if (const auto name = settings.find_first({"model", "base_model_name", "name"});
        name && name->is(Kind::kString)) {
      result_.transformer = std::string(name->string());
    } else if (const auto other = settings.find("name")) {
      result_.transformer = text_of(*other);
    }
    constexpr std::string_view kKind = "transformer-document-";
    if (result_.transformer.starts_with(kKind)) result_.transformer.erase(0, kKind.size());
    const auto config = find_config_value(settings);
    if (!config) {
      fail(Code::kBadCheckpoint, where_, "the transformer's configuration is not there",
           "expected config_state_dict, or a model with its config");
    }
    const auto fields = config->is(Kind::kObject) ? config->state() : config;
    if (!fields || !fields->is(Kind::kDict)) config->refuse("a configuration");
    JsonWriter json;
    json.begin_object();
    if (config->is(Kind::kObject)) {
      json.key("model_type").value(model_type(config->name()));
    } else if (!config->find("model_type")) {
      json.key("model_type").value("bert");  // as Flair takes it
    }
    fields->members([&](const PickleValue& key, const PickleValue& value) {
      // The classes of the model that the transformer was taken from say nothing about this one.
      static constexpr std::string_view kOthers[] = {"architectures", "id2label", "label2id",
                                                     "problem_type", "num_labels"};
      if (!key.is(Kind::kString) || std::count(kOthers, std::end(kOthers), key.string()) > 0)
        return;
      if (config->is(Kind::kObject) && key.string() == "model_type") return;
      json.key(key.string());
      write_json(value, json);
    });
    json.end_object();
    result_.config = Json::parse(json.str(), where_);
  }

  static std::optional<PickleValue> find_config_value(const Settings& settings) {
    if (auto config = settings.find("config_state_dict")) return config;
    auto model = settings.find("model");
    if (!model || !model->is(Kind::kObject)) {
      const auto modules = settings.find("_modules");
      model = modules && modules->is(Kind::kDict) ? modules->find("model") : std::nullopt;
    }
    return model && model->is(Kind::kObject) ? model->attribute("config") : std::nullopt;
  }

  /// "xlm-roberta" of "transformers.configuration_xlm_roberta.XLMRobertaConfig".
  static std::string model_type(std::string_view class_name) {
    constexpr std::string_view kModule = "configuration_";
    const std::size_t begin = class_name.rfind(kModule);
    if (begin == std::string_view::npos) return std::string(class_name);
    const std::string_view rest = class_name.substr(begin + kModule.size());
    std::string type(rest.substr(0, rest.find('.')));
    std::replace(type.begin(), type.end(), '_', '-');
    return type;
  }

  void read_pooling(const Settings& settings) {
    using Pooling = FlairClassifier::Pooling;
    const auto name = settings.find_first({"cls_pooling", "pooling"});
    const std::string pooling = name ? text_of(*name) : "cls";
    if (pooling == "mean") {
      result_.pooling = Pooling::kMean;
    } else if (pooling == "max") {
      result_.pooling = Pooling::kMax;
    } else if (pooling != "cls") {
      refuse("its pooling is \"" + pooling + "\"");
    } else if (!settings.flag("initial_cls_token", true)) {
      // Up to 0.7 all but BERT and ALBERT were taken to end, not begin, with the token that counts.
      result_.pooling = Pooling::kLast;
    }
    if (const auto indices = settings.find("layer_indexes")) {
      indices->elements([&](const PickleValue& i) { result_.layers.push_back(i.integer()); });
    } else if (const auto layers = settings.find("layers")) {
      read_layers(text_of(*layers));
    }
    if (result_.layers.empty()) result_.layers = {-1};
    result_.layer_mean = settings.find("layer_mean") ? settings.flag("layer_mean", true)
                                                     : settings.flag("use_scalar_mix", false);
  }

  void read_layers(std::string_view list) {
    while (!list.empty()) {
      const std::string_view each = list.substr(0, list.find(','));
      const auto layer = parse_integer(each);
      if (!layer) refuse("its layers are \"" + std::string(list) + "\"");
      result_.layers.push_back(*layer);
      list.remove_prefix(std::min(list.size(), each.size() + 1));
    }
  }

  /// Since 0.11 a small ZIP archive of what save_pretrained writes.
  void read_tokenizer(const Settings& settings) {
    if (const auto data = settings.find("tokenizer_data")) {
      std::optional<PickleValue> bytes;
      if (data->is(Kind::kBytes)) bytes = data;
      if (data->is(Kind::kObject)) {  // io.BytesIO: bytes, position, ...
        const PickleValue parts = data->state().value_or(data->arguments());
        if (parts.is(Kind::kTuple) && parts.size() > 0) bytes = parts.at(std::size_t{0});
      }
      if (!bytes) return;
      for (const ZipEntry& entry : read_zip_entries(bytes->bytes(), where_)) {
        const std::size_t folder = entry.name.rfind('/');
        if (entry.stored) {
          result_.tokenizer.emplace(entry.name.substr(folder + 1), entry.bytes);
        }
      }
      return;
    }
    // A pickled fast tokenizer keeps its tokenizer.json as the state of the object inside it.
    const auto tokenizer = settings.find("tokenizer");
    const auto inner = tokenizer && tokenizer->is(Kind::kObject)
                           ? tokenizer->attribute("_tokenizer")
                           : std::nullopt;
    const auto json = inner && inner->is(Kind::kObject) ? inner->state() : std::nullopt;
    if (json && json->is(Kind::kBytes)) result_.tokenizer.emplace("tokenizer.json", json->bytes());
  }

  std::string where_;
  FlairClassifier result_;
};

bool has_tokenizer(const fs::path& folder) {
  std::error_code ignored;
  for (const char* name : {"tokenizer.json", "vocab.txt", "vocab.json", "sentencepiece.bpe.model",
                           "spiece.model", "tokenizer.model"}) {
    if (fs::exists(folder / name, ignored)) return true;
  }
  return false;
}

}  // namespace

FlairClassifier FlairClassifier::open(const fs::path& path) { return Reader(path).read(); }

fs::path tokenizer_source(const fs::path& path) {
  if (!TorchFile::begins(path)) return path;
  const FlairClassifier classifier = FlairClassifier::open(path);
  if (!classifier.tokenizer.empty()) return path;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const std::string name = fs::path(classifier.transformer).filename().string();
  for (const fs::path& each : {folder, folder / name}) {
    if (has_tokenizer(each)) return each;
  }
  fail(Code::kNotFound, path.string(),
       "the file carries no tokenizer, and there is none in its folder or in " +
           (folder / name).string(),
       "expected the tokenizer files of \"" + classifier.transformer + "\"",
       "put them there, or name their folder with --tokenizer");
}

std::optional<CarriedFile> find_carried_file(const fs::path& path, std::string_view name) {
  const FlairClassifier classifier = FlairClassifier::open(path);
  const auto found = classifier.tokenizer.find(name);
  if (found == classifier.tokenizer.end()) return std::nullopt;
  const auto* text = reinterpret_cast<const char*>(found->second.data());
  return CarriedFile{{text, found->second.size()}, classifier.file};
}

}  // namespace ascribo
