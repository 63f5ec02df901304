// SPDX-License-Identifier: MIT
// Writes heat maps tersely, since they may have thousands of cells: a class, no quotes, no end
// tags.
#include "ascribo/render/html/heat_map.h"

#include "ascribo/render/evidence.h"
#include "ascribo/render/html/pieces.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/html_item.h"
#include "ascribo/render/number.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

std::string_view cell_size(std::size_t columns) {
  return columns <= 24 ? "large" : columns <= 48 ? "medium" : "small";
}

std::string label(const std::string& name) { return escape_html(visible(name)); }

}  // namespace

std::string heat_map(const Grid& grid) {
  const double largest = strongest(grid.values);
  const int decimals = decimals_for(largest);
  std::string html = "<figure class=\"map " + std::string(cell_size(grid.columns.size())) +
                     "\"><figcaption>" + escape_html(grid.title) +
                     ", all on one scale</figcaption>\n<div class=\"scroller\"><table "
                     "role=\"grid\" aria-label=\"" +
                     escape_html(grid.title) + "\"><thead><tr><td>";
  for (std::size_t column = 0; column < grid.columns.size(); ++column) {
    html += grid.divider > 0 && column == grid.divider ? "<th scope=col class=output>"
                                                       : "<th scope=col>";
    html += "<span>" + label(grid.columns[column]) + "</span>";
  }
  html += "<tbody>\n";
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    html += "<tr><th scope=row>" + label(grid.rows[row]);
    for (std::size_t column = 0; column < grid.columns.size(); ++column) {
      html += "<td class=" + level_class(grid.at(row, column), largest) + ">";
    }
    html += "\n";
  }
  html += "</table></div>\n";
  html += grid.is_signed ? html_scale(typeset(signed_number(-largest, decimals)),
                                      signed_number(largest, decimals))
                         : strength_scale(plain_number(largest, decimals));
  return html + "</figure>\n";
}

}  // namespace ascribo
