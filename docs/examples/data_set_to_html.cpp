// SPDX-License-Identifier: MIT
// Story: a whole file of labelled reviews becomes one page, rows in order, memory bounded.
#include <cstdio>

#include "ascribo/ascribo.h"

int main(int argc, char** argv) {
  const std::string page = argc > 1 ? argv[1] : "reviews.html";
  const auto subject = ascribo::Subject::open(ascribo::default_model());
  const auto reviews = ascribo::Dataset::open("docs/examples/reviews.tsv", {.text = "review"});
  const auto& html = ascribo::find_renderer("html");

  ascribo::OutputFile file(page);  // appears whole on commit(), or not at all
  file.write(html.begin({}));
  int right = 0, count = 0;
  ascribo::Subject::Stream stream;
  stream.next = [&]() -> std::optional<ascribo::Input> {
    auto row = reviews->next();
    if (!row) return std::nullopt;
    return ascribo::Input{.text = row->text, .pair = row->pair, .id = row->id, .label = row->label};
  };
  stream.done = [&](const ascribo::Explanation& explanation) {
    file.write(html.item(explanation, {}));
    right += explanation.prediction.label == explanation.input.label ? 1 : 0;
    ++count;
  };
  subject.explain(stream, {.method = "occlusion"});
  file.write(html.end({}));
  file.commit();
  std::printf("%d of %d right\n", right, count);
}
