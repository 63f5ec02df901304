// SPDX-License-Identifier: MIT
// The whole public surface: include this, link ascribo::ascribo. study/studies.h brings
// Subject, Explanation, methods, metrics and Progress along, training_settings.h fine_tune.h and
// glue_tasks.h, inputs/look.h the model and its taps, base/nearest.h Error, base/threads.h the
// profile, saved/saved_explanations.h JsonWriter, io/npz/npz_file.h OutputFile.
#pragma once

#include "ascribo/base/nearest.h"
#include "ascribo/base/threads.h"
#include "ascribo/explain/inputs/look.h"
#include "ascribo/explain/inputs/memory_subject.h"
#include "ascribo/explain/saved/saved_explanations.h"
#include "ascribo/io/data/dataset_choice.h"
#include "ascribo/io/mask_file.h"
#include "ascribo/io/npz/npz_file.h"
#include "ascribo/render/comparison/comparison_views.h"
#include "ascribo/render/renderer.h"
#include "ascribo/study/studies.h"
#include "ascribo/study/training_settings.h"
