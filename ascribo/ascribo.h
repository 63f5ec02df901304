// SPDX-License-Identifier: MIT
// The whole public surface: include this, link ascribo::ascribo. explain/subject.h brings
// Explanation and Progress along, models/model.h the taps, base/nearest.h Error, study/fine_tune.h
// Dataset.
#pragma once

#include "ascribo/base/json_writer.h"
#include "ascribo/base/nearest.h"
#include "ascribo/base/threads.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/saved/saved_explanations.h"
#include "ascribo/explain/subject.h"
#include "ascribo/io/mask_file.h"
#include "ascribo/io/output_file.h"
#include "ascribo/models/model.h"
#include "ascribo/render/renderer.h"
#include "ascribo/study/fine_tune.h"
#include "ascribo/text/tokenizer.h"
