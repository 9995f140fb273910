"""Synapses of PyNN."""

import numbers
from typing import Any

import numpy as np
from pyNN.standardmodels import build_translations, synapses

from .given import FINITE, NOT_NEGATIVE, each
from .simulator import state

#: nA, or mV onto IF_curr_delta; and ms.
ALLOWED = {"weight": FINITE, "delay": NOT_NEGATIVE}


class StaticSynapse(synapses.StaticSynapse):
    __doc__ = synapses.StaticSynapse.__doc__
    translations = build_translations(("weight", "weight"), ("delay", "delay"))

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        for name, values in self.parameter_space.items():
            # functions and distributions give their values when synapses are made
            if isinstance(values.base_value, (numbers.Real, np.ndarray)):
                each(f"StaticSynapse: {name}", values.base_value, ALLOWED[name])

    def _get_minimum_delay(self) -> float:
        return state.default_delay
