// SPDX-License-Identifier: MIT
// The tables of stages, generated from the folders, and the look-up by type.
#include "ascribo/text/stage.h"

#include <algorithm>
#include <span>

#include "ascribo/base/error.h"

namespace ascribo {

namespace normalizers {
#define X(stem) const NormalizerStage& stage_##stem();
#include "ascribo/text/normalizers/table.inc"
#undef X
}  // namespace normalizers

namespace pre_tokenizers {
#define X(stem) const PreTokenizerStage& stage_##stem();
#include "ascribo/text/pre_tokenizers/table.inc"
#undef X
}  // namespace pre_tokenizers

namespace vocabularies {
#define X(stem) const VocabularyStage& stage_##stem();
#include "ascribo/text/vocabularies/table.inc"
#undef X
}  // namespace vocabularies

namespace post_processors {
#define X(stem) const PostProcessorStage& stage_##stem();
#include "ascribo/text/post_processors/table.inc"
#undef X
}  // namespace post_processors

namespace decoders {
#define X(stem) const DecoderStage& stage_##stem();
#include "ascribo/text/decoders/table.inc"
#undef X
}  // namespace decoders

namespace {

template <class Stage>
using Entry = const Stage& (*)();

#define X(stem) normalizers::stage_##stem,
constexpr Entry<NormalizerStage> kNormalizers[] = {
#include "ascribo/text/normalizers/table.inc"
};
#undef X
#define X(stem) pre_tokenizers::stage_##stem,
constexpr Entry<PreTokenizerStage> kPreTokenizers[] = {
#include "ascribo/text/pre_tokenizers/table.inc"
};
#undef X
#define X(stem) vocabularies::stage_##stem,
constexpr Entry<VocabularyStage> kVocabularies[] = {
#include "ascribo/text/vocabularies/table.inc"
};
#undef X
#define X(stem) post_processors::stage_##stem,
constexpr Entry<PostProcessorStage> kPostProcessors[] = {
#include "ascribo/text/post_processors/table.inc"
};
#undef X
#define X(stem) decoders::stage_##stem,
constexpr Entry<DecoderStage> kDecoders[] = {
#include "ascribo/text/decoders/table.inc"
};
#undef X

template <class Stage>
const Stage& find(std::span<const Entry<Stage>> table, std::string_view type, std::string_view kind,
                  std::string_view where) {
  std::string known;
  for (const Entry<Stage>& entry : table) {
    const Stage& stage = entry();
    if (stage.type == type) return stage;
    known += (known.empty() ? "" : ", ") + std::string(stage.type);
  }
  fail(Code::kUnsupported, where,
       "unknown " + std::string(kind) + " type \"" + std::string(type) + "\"",
       "known are " + known);
}

}  // namespace

std::unique_ptr<Normalizer> make_normalizer(const Json& description, std::string_view where) {
  const std::string_view type = description.at("type").string();
  return find<NormalizerStage>(kNormalizers, type, "normalizer", where).make(description, where);
}

std::unique_ptr<PreTokenizer> make_pre_tokenizer(const Json& description, std::string_view where) {
  const std::string_view type = description.at("type").string();
  return find<PreTokenizerStage>(kPreTokenizers, type, "pre_tokenizer", where)
      .make(description, where);
}

std::unique_ptr<Vocabulary> make_vocabulary(const Json& description, std::string_view where) {
  if (!description.find("type")) {
    for (const auto& entry : kVocabularies) {
      if (entry().recognizes(description)) return entry().make(description, where);
    }
  }
  const std::string_view type = description.at("type").string();
  return find<VocabularyStage>(kVocabularies, type, "model", where).make(description, where);
}

std::unique_ptr<PostProcessor> make_post_processor(const Json& description,
                                                   std::string_view where) {
  const std::string_view type = description.at("type").string();
  return find<PostProcessorStage>(kPostProcessors, type, "post_processor", where)
      .make(description, where);
}

std::unique_ptr<Decoder> make_decoder(const Json& description, std::string_view where) {
  const std::string_view type = description.at("type").string();
  return find<DecoderStage>(kDecoders, type, "decoder", where).make(description, where);
}

}  // namespace ascribo
