// SPDX-License-Identifier: MIT
// Unigram vocabularies and the stages around them: what they refuse, and how long they take.
#include <gmock/gmock.h>

#include <chrono>

#include "ascribo/text/stage.h"
#include "ascribo/text/vocabularies/scored_pieces.h"
#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

Json parse(const std::string& json) { return Json::parse(json, "t.json"); }

std::unique_ptr<Vocabulary> unigram(const std::string& vocab, const std::string& options = "") {
  return make_vocabulary(parse(R"({"type":"Unigram","vocab":)" + vocab + options + "}"), "t.json");
}

std::vector<std::int64_t> ids(const Vocabulary& vocabulary, std::string_view word) {
  std::vector<Token> tokens;
  vocabulary.tokenize(NormalizedText(word), tokens);
  std::vector<std::int64_t> result;
  for (const Token& token : tokens) result.push_back(token.id);
  return result;
}

TEST(ScoredPieces, FindsEveryBeginning) {
  const ScoredPieces pieces(
      parse(R"([["a",-1],["ab",-2.5],["abcde",-3],["\u00e9",0],["\u00e9a",-4],["",1]])"), "t.json");
  EXPECT_EQ(pieces.size(), 6);
  EXPECT_EQ(pieces.lowest_score(), -4);
  EXPECT_EQ(pieces.find("abcde"), 2);
  EXPECT_EQ(pieces.find("abc"), std::nullopt);
  EXPECT_EQ(pieces.find(""), 5);
  EXPECT_EQ(pieces.piece(3), "\u00E9");
  EXPECT_EQ(pieces.piece(6), std::nullopt);
  EXPECT_EQ(pieces.piece(-1), std::nullopt);
  const auto beginnings = [&](std::string_view text, const std::vector<std::uint32_t>& ends,
                              std::size_t begin) {
    std::vector<std::pair<std::size_t, std::int64_t>> found;
    pieces.each_prefix(text, ends, begin, [&](std::size_t characters, std::int64_t id) {
      found.emplace_back(characters, id);
    });
    return found;
  };
  EXPECT_THAT(beginnings("abcdef", {1, 2, 3, 4, 5, 6}, 0),
              ElementsAre(testing::Pair(1, 0), testing::Pair(2, 1), testing::Pair(5, 2)));
  EXPECT_THAT(beginnings("x\u00E9ab", {1, 3, 4, 5}, 1),
              ElementsAre(testing::Pair(1, 3), testing::Pair(2, 4)));
  EXPECT_THAT(beginnings("x", {1}, 0), testing::IsEmpty());
}

TEST(ScoredPieces, ScoresAreWhatTheReferenceReads) {
  const ScoredPieces pieces(parse(R"([["k",-7.4715776443481445],["a",-7.5],["b",0],["c",1e-7],
                                   ["d",-12],["e",0.30000000000000004]])"),
                            "t.json");
  EXPECT_EQ(pieces.score(0), -7.471577644348144);
  EXPECT_EQ(pieces.score(1), -7.5);
  EXPECT_EQ(pieces.score(2), 0);
  EXPECT_EQ(pieces.score(3), 1e-7);
  EXPECT_EQ(pieces.score(4), -12);
  EXPECT_EQ(pieces.score(5), 30000000000000004.0 / 1e17);
  EXPECT_EQ(pieces.lowest_score(), -12);
}

TEST(ScoredPieces, HoldsManyAndLongPieces) {
  std::string json = "[";
  for (int i = 0; i < 5000; ++i) json += "[\"piece" + std::to_string(i) + "\",-1],";
  const std::string longest(1000, 'p');
  const ScoredPieces pieces(parse(json + "[\"" + longest + "\",-2]]"), "t.json");
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(pieces.find("piece" + std::to_string(i)), i);
  std::vector<std::uint32_t> ends(1000);
  for (std::uint32_t i = 0; i < 1000; ++i) ends[i] = i + 1;
  std::size_t found = 0;
  pieces.each_prefix(longest, ends, 0, [&](std::size_t characters, std::int64_t id) {
    EXPECT_EQ(id, 5000);
    found = characters;
  });
  EXPECT_EQ(found, 1000U);
}

TEST(Unigram, TakesTheBestPath) {
  const auto vocabulary =
      unigram(R"([["<unk>",0],["a",-1],["b",-1],["ab",-2],["abab",-3.5]])", R"(,"unk_id":0)");
  EXPECT_THAT(ids(*vocabulary, "abab"), ElementsAre(4));
  EXPECT_THAT(ids(*vocabulary, "ab"), ElementsAre(3));  // found before the path that is as good
  EXPECT_THAT(ids(*vocabulary, "a??b"), ElementsAre(1, 0, 2));
  EXPECT_EQ(vocabulary->unknown(), 0);
  EXPECT_EQ(vocabulary->describe(), "Unigram (5 pieces, unknown <unk>)");
}

TEST(Unigram, RefusesWhatItCannotUse) {
  const auto message = [](const std::string& vocab, const std::string& options = "") {
    return error_of(Code::kBadFile, [&] { unigram(vocab, options); });
  };
  EXPECT_THAT(message(R"([["a",0]])", R"(,"unk_id":1)"),
              HasSubstr("[t.json] unk_id is 1; expected the place of one of the 1 pieces"));
  EXPECT_THAT(message(R"([["a",0]])", R"(,"unk_id":-1)"), HasSubstr("unk_id is -1"));
  EXPECT_THAT(message("[]", R"(,"unk_id":0)"), HasSubstr("one of the 0 pieces"));
  EXPECT_THAT(message(R"([["a",0],["b"]])"),
              HasSubstr("piece 1 of the vocabulary has 1 parts; expected a text and a score"));
  EXPECT_THAT(message(R"([["a",0,1]])"), HasSubstr("has 3 parts"));
  EXPECT_THAT(message(R"([["a","0"]])"), HasSubstr("expected a number"));
  EXPECT_THAT(message(R"([[1,0]])"), HasSubstr("expected a string"));
  EXPECT_THAT(message(R"([{"a":0}])"), HasSubstr("expected an array"));
  EXPECT_THAT(message(R"({"a":0})"), HasSubstr("expected an array"));
}

TEST(Unigram, WithoutUnknownStopsAtAStrangeCharacter) {
  const auto vocabulary = unigram(R"([["a",-1]])");
  EXPECT_THAT(ids(*vocabulary, "aa"), ElementsAre(0, 0));
  EXPECT_THAT(error_of(Code::kUnsupported, [&] { ids(*vocabulary, "ab"); }),
              HasSubstr("[t.json] the text has a character that the vocabulary does not have"));
}

TEST(Unigram, IsRecognisedWithoutType) {
  EXPECT_THAT(ids(*make_vocabulary(parse(R"({"vocab":[["a",-1],["b",-1]]})"), "t.json"), "ab"),
              ElementsAre(0, 1));
}

TEST(Unigram, TakesTimeInProportionToTheText) {
  std::string vocab = R"([["<unk>",0],["a",-1])";
  for (int length = 2; length < 60; ++length) {
    vocab += ",[\"" + std::string(static_cast<std::size_t>(length), 'a') + "\",-" +
             std::to_string(length) + "]";
  }
  const auto vocabulary = unigram(vocab + "]", R"(,"unk_id":0)");
  const auto begin = std::chrono::steady_clock::now();
  for (const char c : {'a', 'b'}) {
    EXPECT_FALSE(ids(*vocabulary, std::string(100'000, c)).empty());
  }
  // A hundredth of what it would take if it grew with the square, and ample for slow machines.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(Metaspace, RefusesWhatContradicts) {
  const auto message = [](const std::string& options) {
    return error_of(Code::kBadFile, [&] {
      make_pre_tokenizer(parse(R"({"type":"Metaspace",)" + options + "}"), "t.json");
    });
  };
  EXPECT_THAT(message(R"("replacement":"__")"),
              HasSubstr("[t.json] the replacement of Metaspace is \"__\"; expected one character"));
  EXPECT_THAT(message(R"("replacement":"_","prepend_scheme":"often")"),
              HasSubstr("is \"often\"; expected always, never or first"));
  EXPECT_THAT(message(R"("replacement":"_","prepend_scheme":"first","add_prefix_space":false)"),
              HasSubstr("has add_prefix_space false and prepend_scheme \"first\""));
  EXPECT_THAT(message(R"("split":true)"), HasSubstr("has no \"replacement\""));
}

TEST(Metaspace, OlderFilesSayOnlyWhetherThereIsAPrefix) {
  const auto stage = [](const std::string& options) {
    return make_pre_tokenizer(parse(R"({"type":"Metaspace","replacement":"_")" + options + "}"),
                              "t.json")
        ->describe();
  };
  EXPECT_EQ(stage(R"(,"add_prefix_space":false)"), "Metaspace (_, prepend never)");
  EXPECT_EQ(stage(R"(,"add_prefix_space":true)"), "Metaspace (_, prepend always)");
  EXPECT_EQ(stage(R"(,"prepend_scheme":"first","split":false)"),
            "Metaspace (_, prepend first, no split)");
}

TEST(Decoders, RefuseWhatMakesNoSense) {
  const auto message = [](const std::string& description) {
    return error_of(Code::kBadFile, [&] { make_decoder(parse(description), "t.json"); });
  };
  EXPECT_THAT(message(R"({"type":"Strip","content":"ab","start":1,"stop":0})"),
              HasSubstr("the content of the decoder Strip is \"ab\"; expected one character"));
  EXPECT_THAT(message(R"({"type":"Strip","content":"a","start":-1,"stop":0})"),
              HasSubstr("the decoder Strip has start -1"));
  EXPECT_THAT(message(R"({"type":"Sequence"})"), HasSubstr("has no \"decoders\""));
}

TEST(Decoders, AreDescribedWithTheirParts) {
  const auto decoder = make_decoder(
      parse(R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"_"},
            "content":" "},{"type":"ByteFallback"},{"type":"Fuse"},
            {"type":"Strip","content":" ","start":1,"stop":0}]})"),
      "t.json");
  EXPECT_EQ(decoder->describe(),
            "Sequence [Replace (\"_\" by \" \"), ByteFallback, Fuse, "
            "Strip (\" \", 1 at the start, 0 at the end)]");
  std::vector<std::string> tokens = {"_a", "<0xE4>", "<0xB8>", "<0x96>", "<0xFF>",
                                     "b",  "<0x5>",  "<0x+5>", "<0xG1>"};
  decoder->apply(tokens);
  EXPECT_THAT(tokens, ElementsAre("a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                                  "b<0x5>\x05<0xG1>"));
}

}  // namespace
}  // namespace ascribo
