"""Synapses of PyNN."""

from pyNN.standardmodels import build_translations, synapses

from .simulator import state


class StaticSynapse(synapses.StaticSynapse):
    __doc__ = synapses.StaticSynapse.__doc__
    translations = build_translations(("weight", "weight"), ("delay", "delay"))

    def _get_minimum_delay(self) -> float:
        return state.default_delay
