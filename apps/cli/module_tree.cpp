// SPDX-License-Identifier: MIT
// Builds the tree of modules from the names of weights and draws it.
#include "module_tree.h"

#include <algorithm>

namespace ascribo::cli {
namespace {

struct Node {
  std::string name;
  std::vector<Node> children;
  const ModuleInfo* weight = nullptr;  ///< a leaf

  bool numbered() const {
    return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
  }
};

Node& child(Node& parent, const std::string& name) {
  for (Node& node : parent.children) {
    if (node.name == name) return node;
  }
  return parent.children.emplace_back(Node{name, {}, nullptr});
}

void insert(Node& root, const ModuleInfo& weight) {
  Node* node = &root;
  std::size_t begin = 0;
  while (begin <= weight.name.size()) {
    const std::size_t end = std::min(weight.name.find('.', begin), weight.name.size());
    node = &child(*node, weight.name.substr(begin, end - begin));
    begin = end + 1;
  }
  node->weight = &weight;
}

bool has_only_leaves(const Node& node) {
  return std::all_of(node.children.begin(), node.children.end(),
                     [](const Node& leaf) { return leaf.weight != nullptr; });
}

std::string weight_text(const ModuleInfo& weight) {
  return shape_text(weight.shape) + " " + std::string(dtype_name(weight.dtype));
}

std::string draw(const Node& node, const std::string& name, int indent);

/// The lines below a node, numbered neighbours of equal content drawn once.
std::string draw_children(const Node& node, const std::string& prefix, int indent) {
  std::string text;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& first = node.children[i];
    std::size_t last = i;
    if (first.numbered()) {
      const std::string content = draw_children(first, "", 0);
      while (last + 1 < node.children.size() && node.children[last + 1].numbered() &&
             draw_children(node.children[last + 1], "", 0) == content) {
        ++last;
      }
    }
    std::string name = prefix + first.name;
    if (last > i) name += " ... " + prefix + node.children[last].name;
    text += draw(first, name, indent);
    i = last;
  }
  return text;
}

std::string draw(const Node& node, const std::string& name, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  if (node.weight != nullptr) return margin + name + " " + weight_text(*node.weight) + "\n";
  if (has_only_leaves(node)) {
    std::string line = margin + name;
    for (const Node& leaf : node.children) {
      line += (&leaf == &node.children.front() ? "  " : ", ") + leaf.name + " " +
              weight_text(*leaf.weight);
    }
    return line + "\n";
  }
  const bool list = std::all_of(node.children.begin(), node.children.end(),
                                [](const Node& item) { return item.numbered(); });
  if (list) return draw_children(node, name + ".", indent);
  return margin + name + "\n" + draw_children(node, "", indent + 2);
}

}  // namespace

std::string module_tree(const std::vector<ModuleInfo>& weights, int indent) {
  Node root;
  for (const ModuleInfo& weight : weights) insert(root, weight);
  return draw_children(root, "", indent);
}

std::string shape_text(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += shape[i] < 0 ? "tokens" : std::to_string(shape[i]);
  }
  return text + "]";
}

}  // namespace ascribo::cli
