// SPDX-License-Identifier: MIT
// The whole public surface: include this, link ascribo::ascribo. metrics/evaluate.h brings Subject,
// Explanation, methods, metrics and Progress along, models/model.h the taps, base/nearest.h Error.
#pragma once

#include "ascribo/base/json_writer.h"
#include "ascribo/base/nearest.h"
#include "ascribo/base/threads.h"
#include "ascribo/explain/saved/saved_explanations.h"
#include "ascribo/io/dataset.h"
#include "ascribo/io/mask_file.h"
#include "ascribo/io/output_file.h"
#include "ascribo/metrics/evaluate.h"
#include "ascribo/models/model.h"
#include "ascribo/render/renderer.h"
#include "ascribo/text/tokenizer.h"
