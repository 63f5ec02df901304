// SPDX-License-Identifier: MIT
// Writes the pages that the browser tests open: make_pages FOLDER.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

#include "ascribo/render/renderer.h"
#include "samples.h"

namespace ascribo {
namespace {

void write_page(const std::filesystem::path& file, const std::vector<Explanation>& explanations,
                const std::string& title) {
  RenderOptions options;
  options.title = title;
  const Renderer& html = find_renderer("html");
  std::ofstream page(file, std::ios::binary);
  page << html.begin(options);
  for (const Explanation& explanation : explanations) page << html.item(explanation, options);
  page << html.end(options);
}

std::vector<Explanation> data_set(int rows) {
  std::vector<Explanation> explanations;
  for (int row = 0; row < rows; ++row) explanations.push_back(samples::data_set_row(row));
  return explanations;
}

std::vector<Explanation> hostile() {
  std::vector<Explanation> explanations;
  for (const std::string& text : samples::hostile_strings()) {
    explanations.push_back(samples::hostile(text));
  }
  return explanations;
}

Explanation without_signs() {
  Explanation explanation = samples::explained("a dull film", {0.5F, 2.0F, 0.25F});
  explanation.method = {"saliency", {{"reduce", std::string("l2")}}};
  return explanation;
}

void write_pages(const std::filesystem::path& folder) {
  write_page(folder / "review.html", {samples::review()}, "Ascribo");
  write_page(folder / "pair.html", {samples::sentence_pair()}, "Ascribo");
  write_page(folder / "classes.html", {samples::five_classes()}, "Ascribo");
  write_page(folder / "written.html", {samples::continuation("the film was", "good and funny")},
             "Ascribo");
  write_page(folder / "long.html", {samples::long_continuation(36, 64)}, "Ascribo");
  write_page(folder / "layers.html", {samples::layered(4)}, "Ascribo");
  write_page(folder / "data_set.html", data_set(40), "SST-2 development set");
  write_page(folder / "large.html", data_set(2000), "2,000 texts");
  write_page(folder / "hostile.html", hostile(), samples::hostile_strings()[0]);
  write_page(folder / "hostile_one.html", {samples::hostile(samples::hostile_strings()[0])}, "x");
  write_page(folder / "unsigned.html", {without_signs()}, "Ascribo");
  write_page(folder / "empty.html", {}, "Nothing");
}

}  // namespace
}  // namespace ascribo

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_pages FOLDER\n";
    return 2;
  }
  std::filesystem::create_directories(argv[1]);
  ascribo::write_pages(argv[1]);
  return 0;
}
