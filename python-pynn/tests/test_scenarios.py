"""PyNN's own scenarios. Each runs; those that do not hold are listed with the reason."""

import subprocess
import sys
from pathlib import Path

import pytest
import tauspike_pynn as sim

README = Path(__file__).parents[1] / "README.md"

CONDUCTANCES = "needs cells with synaptic conductances, which tauspike does not have"
OTHER_CELLS = "needs cells other than leaky integrate-and-fire"
OTHER_SOURCES = "needs spike sources other than Poisson or given"
OTHER_CURRENTS = "needs sine or noise currents, which are not constant between steps"
COMPARTMENTS = "needs cells with compartments"

#: What does not hold, and why.
FAIL = {
    "test__simulation_control.test_run_until": CONDUCTANCES,
    "test_cell_types.test_EIF_cond_alpha_isfa_ista": OTHER_CELLS,
    "test_cell_types.test_HH_cond_exp": OTHER_CELLS,
    "test_cell_types.issue367": OTHER_CELLS,
    "test_cell_types.test_SpikeSourceGamma": OTHER_SOURCES,
    "test_cell_types.test_SpikeSourcePoissonRefractory": OTHER_SOURCES,
    "test_cell_types.test_composed_neuron_model_homogeneous_receptors": OTHER_CELLS,
    "test_connection_handling.test_connections_attribute": CONDUCTANCES,
    "test_connection_handling.test_connection_access_weight_and_delay": CONDUCTANCES,
    "test_connection_handling.test_issue652": CONDUCTANCES,
    "test_connectors.test_all_to_all_static_no_self": CONDUCTANCES,
    "test_connectors.test_all_to_all_tsodyksmarkram": CONDUCTANCES,
    "test_connectors.test_fixed_number_pre_no_replacement": CONDUCTANCES,
    "test_connectors.test_fixed_number_pre_with_replacement": CONDUCTANCES,
    "test_connectors.test_fixed_number_pre_with_replacement_heterogeneous_parameters": CONDUCTANCES,
    "test_connectors.test_fixed_number_post_no_replacement": CONDUCTANCES,
    "test_connectors.test_fixed_number_post_with_replacement": CONDUCTANCES,
    "test_connectors.test_fixed_number_post_with_replacement_heterogeneous_parameters": CONDUCTANCES,
    "test_connectors.test_issue309": CONDUCTANCES,
    "test_connectors.test_issue622": CONDUCTANCES,
    "test_electrodes.test_issue165": CONDUCTANCES,
    "test_electrodes.test_issue437": OTHER_CURRENTS,
    "test_electrodes.test_issue442": OTHER_CURRENTS,
    "test_electrodes.test_issue445": OTHER_CURRENTS,
    "test_electrodes.test_issue_465_474_630": OTHER_CURRENTS,
    "test_electrodes.test_issue497": OTHER_CURRENTS,
    "test_electrodes.test_issue631": OTHER_CURRENTS,
    "test_issue231.test_issue231": CONDUCTANCES,
    "test_issue274.test_issue274": CONDUCTANCES,
    "test_parameter_handling.test_issue302": CONDUCTANCES,
    "test_parameter_handling.test_set_synaptic_parameters_fully_connected": CONDUCTANCES,
    "test_parameter_handling.test_set_synaptic_parameters_partially_connected": CONDUCTANCES,
    "test_parameter_handling.test_set_synaptic_parameters_multiply_connected": CONDUCTANCES,
    "test_parameter_handling.test_issue505": CONDUCTANCES,
    "test_procedural_api.test_ticket195": CONDUCTANCES,
    "test_recording.test_reset_recording": CONDUCTANCES,
    "test_recording.test_record_vm_and_gsyn_from_assembly": CONDUCTANCES,
    "test_recording.test_sampling_interval": CONDUCTANCES,
    "test_recording.test_mix_procedural_and_oo": CONDUCTANCES,
    "test_scenario1.test_scenario1": CONDUCTANCES,
    "test_scenario1.test_scenario1a": CONDUCTANCES,
    "test_scenario3.test_scenario3": CONDUCTANCES,
    "test_scenario4.test_scenario4": OTHER_CELLS,
    "test_scenario5.test_scenario5": COMPARTMENTS,
    "test_synapse_types.test_simple_stochastic_synapse": CONDUCTANCES,
    "test_ticket166.test_ticket166": CONDUCTANCES,
}

#: What holds.
HOLD = {
    "test__simulation_control.test_reset",
    "test__simulation_control.test_reset_with_clear",
    "test__simulation_control.test_reset_with_spikes",
    "test__simulation_control.test_setup",
    "test_cell_types.test_SpikeSourcePoisson",
    "test_cell_types.test_issue511",
    "test_cell_types.test_update_SpikeSourceArray",
    "test_connection_handling.test_issue672",
    "test_electrodes.test_changing_electrode",
    "test_electrodes.test_issue321",
    "test_electrodes.test_issue451",
    "test_electrodes.test_issue483",
    "test_electrodes.test_issue487",
    "test_electrodes.test_issue512",
    "test_electrodes.test_issue759",
    "test_electrodes.test_ticket226",
    "test_parameter_handling.test_issue241",
    "test_recording.test_issue259",
    "test_recording.test_issue499",
    "test_recording.test_record_with_filename",
    "test_scenario2.test_scenario2",
}


def test_every_scenario_is_listed(all_scenarios):
    assert set(all_scenarios) == HOLD | set(FAIL) and not HOLD & set(FAIL)


# PyNN deprecates what its scenarios call
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(HOLD))
def test_scenario_holds(all_scenarios, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    all_scenarios[name](sim)


#: What says so otherwise than by NotImplementedError: PyNN refuses a class in place of a cell, and looks for a library first.
OTHERWISE = {"test_connectors.test_issue622": TypeError, "test_scenario5.test_scenario5": pytest.skip.Exception}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name, reason", sorted(FAIL.items()))
def test_scenario_does_not_hold(all_scenarios, name, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OTHERWISE.get(name, NotImplementedError), match="available|cellclass must be an instance"):
        all_scenarios[name](sim)


#: Scenarios that ask nothing of conductances, but only what any cell does: they hold with IF_curr_exp in place of IF_cond_exp.
WITH_CURRENTS = [
    "test__simulation_control.test_run_until",
    "test_connection_handling.test_connection_access_weight_and_delay",
    "test_connection_handling.test_connections_attribute",
    "test_connectors.test_all_to_all_static_no_self",
    "test_connectors.test_fixed_number_post_no_replacement",
    "test_connectors.test_fixed_number_post_with_replacement",
    "test_connectors.test_fixed_number_pre_no_replacement",
    "test_connectors.test_fixed_number_pre_with_replacement",
    "test_connectors.test_issue309",
    "test_connectors.test_issue622",
    "test_electrodes.test_issue165",
    "test_issue231.test_issue231",
    "test_issue274.test_issue274",
    "test_parameter_handling.test_issue302",
    "test_recording.test_mix_procedural_and_oo",
    "test_recording.test_reset_recording",
    "test_recording.test_sampling_interval",
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", WITH_CURRENTS)
def test_scenario_holds_with_currents_in_place_of_conductances(all_scenarios, name, tmp_path, monkeypatch):
    assert FAIL[name] == CONDUCTANCES
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sim, "IF_cond_exp", sim.IF_curr_exp)
    all_scenarios[name](sim)


def test_the_readme_lists_every_scenario_and_its_example_runs():
    readme = README.read_text()
    assert all(name.split(".")[1] in readme for name in HOLD | set(FAIL))
    assert all(f"| {reason} |" in readme for reason in set(FAIL.values()))
    code = readme.split("```python\n")[1].split("```")[0]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0 and "(5001, 100)" in run.stdout, run.stderr
