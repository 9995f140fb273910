"""Models of PyNN that tauspike does not have, and a connector that PyNN itself only names: they say so when somebody asks for one."""

from pyNN.standardmodels import ModelNotAvailable

__all__ = [
    "ACSource",
    "AdExp",
    "AdditivePotentiationMultiplicativeDepression",
    "AdditiveWeightDependence",
    "AlphaPSR",
    "CurrExpPostSynapticResponse",
    "EIF_cond_alpha_isfa_ista",
    "EIF_cond_exp_isfa_ista",
    "ElectricalSynapse",
    "ExpPSR",
    "GIF_cond_exp",
    "GutigWeightDependence",
    "HH_cond_exp",
    "IF_cond_alpha",
    "IF_cond_exp",
    "IF_cond_exp_gsfa_grr",
    "IF_facets_hardware1",
    "Izhikevich",
    "LIF",
    "MultiCompartmentNeuron",
    "MultiplicativeWeightDependence",
    "NoisyCurrentSource",
    "PointNeuron",
    "STDPMechanism",
    "SimpleStochasticSynapse",
    "SmallWorldConnector",
    "SpikePairRule",
    "SpikeSourceGamma",
    "SpikeSourceInhGamma",
    "SpikeSourcePoissonRefractory",
    "StochasticTsodyksMarkramSynapse",
    "TsodyksMarkramSynapse",
    "Vogels2011Rule",
]

globals().update({name: type(name, (ModelNotAvailable,), {"__doc__": "Not available in tauspike."}) for name in __all__})
