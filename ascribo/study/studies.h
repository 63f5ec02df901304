// SPDX-License-Identifier: MIT
// Studies over whole data sets: a published one, and checkpoints beside each other.
#pragma once

#include "ascribo/study/agreement/compare_models.h"
#include "ascribo/study/reproduce/alti_fidelity.h"
