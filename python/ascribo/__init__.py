# SPDX-License-Identifier: MIT
"""Which parts of a text made a Transformer answer as it did, with the evidence to trust it.

    import ascribo
    model = ascribo.load("path/to/checkpoint")
    explanation = model.explain("great movie!")
    explanation.scores  # [targets, units]
"""

from . import errors
from ._core import (
    Attribution,
    Baseline,
    Cost,
    Encoding,
    Generation,
    Input,
    ModelInfo,
    Output,
    Prediction,
    Span,
    Token,
    TokenPrediction,
    Unit,
    WrittenToken,
    set_threads,
    thread_count,
    version as __version__,
)
from .catalogue import (
    MethodInfo,
    MetricInfo,
    OptionInfo,
    generation_options,
    methods,
    metrics,
    request_options,
    training_options,
)
from ._targets import function_of
from .errors import Error
from .evaluation import Comparison, compare, evaluate
from .explanation import Explanation, Explanations, load_explanations, save_explanations
from .loading import from_transformers, load
from .studies import ModelAgreement, Reproduction, compare_models, reproduce
from .subject import Subject
from .training import Training, train

__all__ = [
    "Attribution",
    "Baseline",
    "Comparison",
    "Cost",
    "Encoding",
    "Error",
    "Explanation",
    "Explanations",
    "Generation",
    "Input",
    "MethodInfo",
    "MetricInfo",
    "ModelAgreement",
    "ModelInfo",
    "OptionInfo",
    "Output",
    "Prediction",
    "Reproduction",
    "Span",
    "Subject",
    "Token",
    "TokenPrediction",
    "Training",
    "Unit",
    "WrittenToken",
    "__version__",
    "compare",
    "compare_models",
    "errors",
    "evaluate",
    "from_transformers",
    "function_of",
    "generation_options",
    "load",
    "load_explanations",
    "methods",
    "metrics",
    "reproduce",
    "request_options",
    "save_explanations",
    "set_threads",
    "thread_count",
    "train",
    "training_options",
]
