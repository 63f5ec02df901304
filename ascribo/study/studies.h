// SPDX-License-Identifier: MIT
// Studies over whole data sets: a published one, checkpoints beside each other, minimal pairs.
#pragma once

#include "ascribo/explain/inputs/minimal_pair.h"
#include "ascribo/study/agreement/compare_models.h"
#include "ascribo/study/reproduce/alti_fidelity.h"
