// SPDX-License-Identifier: MIT
// Measures each layer's vectors while they are there.
#include "ascribo/explain/decompose/vector_tables.h"

#include <vector>

namespace ascribo {

void run_vectors(const VectorTables& tables, std::span<Task> tasks, Scorer& scorer) {
  run_tables(tables.method, tables.rows, tasks, scorer,
             [&](Task& task, const TransformerParts& parts) {
               task.result.method.options = tables.shown;
               LayerTables found(task, parts);
               walk_layers(task, scorer, parts, [&](const LayerView& view) {
                 LayerVectors vectors = layer_vectors(view, tables.after);
                 found.layers[view.index] = tables.measured(vectors);
                 found.errors[view.index] = vectors.recomposition_error;
               });
               const std::vector<TokenTable> rollout = rolled_out(found.layers);
               add_tables(task, tables.name, found.layers);
               add_tables(task, "rollout", rollout);
               add_errors(task, found.errors);
               set_row_scores(task, rollout, tables.rows, parts);
             });
}

}  // namespace ascribo
