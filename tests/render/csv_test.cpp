// SPDX-License-Identifier: MIT
// The table of scores, byte by byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ascribo/render/renderer.h"
#include "samples.h"

namespace ascribo {
namespace {

std::string table(const Explanation& explanation) {
  return render(find_renderer("csv"), explanation);
}

TEST(Csv, has_a_row_for_each_target_and_unit) {
  Explanation explanation = samples::explained("good, \"film\"", {0.1F, NAN});
  explanation.input.id = "row 7";
  explanation.attributions[0].value = 1.25;
  explanation.attributions[0].standard_error = {0.5F, 0.25F};
  explanation.attributions[0].position = 2;
  explanation.attributions[0].versus = "negative";
  explanation.units[1].name = "noun";
  EXPECT_EQ(table(explanation),
            "id,text,method,score,target,index,position,versus,value,unit,side,start,end,name,"
            "attribution,standard_error\n"
            "\"row 7\",\"good, \"\"film\"\"\",\"integrated_gradients\",\"logit\",\"positive\",1,2,"
            "\"negative\",1.25,\"good,\",text,0,5,,0.100000001,0.5\n"
            "\"row 7\",\"good, \"\"film\"\"\",\"integrated_gradients\",\"logit\",\"positive\",1,2,"
            "\"negative\",1.25,\"\"\"film\"\"\",text,6,12,\"noun\",,0.25\n");
}

TEST(Csv, covers_every_target_of_a_continuation) {
  const std::string text = table(samples::continuation("the film was", "good and funny"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + 3 * 6);
}

TEST(Csv, long_texts_are_told_by_their_beginning) {
  std::string text;
  for (int word = 0; word < 100; ++word) text += "fünf ";
  const std::string first = table(samples::explained(text, std::vector<float>(100, 1.0F)));
  EXPECT_THAT(first, testing::HasSubstr("fünf f…\""));
  EXPECT_LT(first.size(), 100U * 350U);
}

}  // namespace
}  // namespace ascribo
