// SPDX-License-Identifier: MIT
// A row to learn from: what the model is given, and what it should answer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ascribo/models/batch.h"
#include "ascribo/text/encoding.h"

namespace ascribo {

/// What is learned.
enum class Objective {
  kLabel,      ///< one label of a text
  kLabels,     ///< any number of labels of a text
  kNumber,     ///< a number for a text
  kNextToken,  ///< each token from those before it
  kTags,       ///< a label for each word
  kAnswer,     ///< where the answer to a question starts and ends
  kWord,       ///< the word in the place of a mask
};

/// What an answer is judged by.
struct AnswerTexts {
  std::string context;
  std::vector<Encoding::Offset> places;  ///< of each token of the example; of use in the context
  std::vector<std::string> right;        ///< all answers that people gave
};

struct Example {
  Sequence sequence = {};
  /// The right answers: of kLabel one label; of kNextToken, kTags and kWord one token, label or
  /// word for each of sequence.reads; of kAnswer its first and its last token.
  std::vector<std::int64_t> labels = {};
  /// Of kLabels 0 or 1 for each label, of kNumber the number.
  std::vector<float> values = {};
  /// Of kWord the words that compete, the right one first; empty: all. Of kAnswer the first token
  /// of the context and the one behind it.
  std::vector<std::int64_t> choices = {};
  std::shared_ptr<const AnswerTexts> texts = nullptr;  ///< of kAnswer, where it is judged
};

}  // namespace ascribo
