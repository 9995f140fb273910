//! Which figures are there?

use crate::model::{EnergyModel, Scale};

/// Per synaptic operation, pJ. One table of one review, so that at least the choice of figures is of one hand; its authors warn
/// that papers count different things as a synaptic operation.
const CHIPS: [(&str, f64); 7] = [
    ("TrueNorth", 2.5),
    ("Tianjic", 1.54),
    ("SENECA", 2.8),
    ("ReckOn", 5.3),
    ("SpiNNaker2", 10.0),
    ("ODIN", 12.7),
    ("Loihi", 23.6),
];
const CHIP_TABLE: &str = "per synaptic operation: PMC10326429, Table 3";

/// Per synaptic event, uJ: energy at the outlet during the microcircuit of Potjans and Diesmann (2014), everything included,
/// over its synaptic events.
const SYSTEMS: [(&str, f64, &str); 9] = [
    ("NEST, 3 nodes 2x Xeon E5-2680v3", 5.82, "van Albada 2018"),
    ("NEST, 1 node 2x EPYC 7702", 0.33, "Kurth 2022"),
    ("NEST GPU, RTX 2080 Ti", 0.25, "Golosio 2021"),
    ("NEST GPU, RTX 4090", 0.104, "Golosio 2023"),
    ("GeNN, Tesla V100", 0.47, "Knight & Nowotny 2018"),
    ("GeNN, RTX 4090", 0.074, "Golosio 2023"),
    ("SpiNNaker, 12 boards", 0.628, "Rhodes 2019, Poisson drive"),
    ("IBM INC-3000, 345 FPGA nodes", 0.284, "Heittmann 2022"),
    ("neuroAIx, 35 NetFPGA SUME", 0.048, "Kauth 2023"),
];
const SYSTEM_TABLE: &str = "Senk et al. 2026, Neuromorph. Comput. Eng. 6:012001, table of benchmarks";

/// The models that come with tauspike.
///
/// Chips: energy per synaptic operation. Only `Loihi with neuron updates` knows the cost of an update, and hence a clocked
/// account: 81 pJ (active neuron) at a step of 1 ms, from circuit simulation (Davies et al. 2018, IEEE Micro 38:82, Table 2; an inactive neuron 52 pJ), checked against two
/// chip models that quote the table.
///
/// Systems: the published figures spread all costs over the synaptic events of one network at its rates, so they have no account
/// by the clock, and underestimate networks that are more silent.
///
/// `cortex`: 3.29e9 ATP per neuron and second at 4 Hz (Attwell & Laughlin 2001), split after Howarth, Gleeson & Attwell (2012):
/// 20 % resting, whence 6.58e8 ATP per neuron and second, and 80 % (spikes 21, postsynaptic 50, release 5, recycling 4) in
/// proportion to the rate, whence 6.58e8 ATP per spike. This counts the synapses of a cortical neuron, not those of the model.
pub fn published() -> Vec<EnergyModel> {
    let chip = |(name, cost): (&str, f64)| EnergyModel {
        per_synaptic_event: cost,
        ..EnergyModel::cited(name, Scale::Chip, CHIP_TABLE)
    };
    let system = |(name, cost, study): (&str, f64, &str)| EnergyModel {
        per_synaptic_event: cost,
        ..EnergyModel::cited(name, Scale::System, &format!("{study}; {SYSTEM_TABLE}"))
    };
    let loihi = EnergyModel {
        per_synaptic_event: 23.6,
        per_neuron_update: 81.0,
        clock_step_ms: Some(1.0),
        ..EnergyModel::cited(
            "Loihi with neuron updates",
            Scale::Chip,
            &format!(
                "{CHIP_TABLE}; 81 pJ per update of an active neuron each 1 ms: Davies et al. 2018, IEEE Micro 38:82, Table 2"
            ),
        )
    };
    let cortex = EnergyModel {
        per_spike: 0.80 * 3.29e9 / 4.0,
        per_neuron_second: 0.20 * 3.29e9,
        ..EnergyModel::cited(
            "cortex",
            Scale::Metabolic,
            "total at 4 Hz: Attwell & Laughlin 2001 (BioNumbers 108672); split: Howarth et al. 2012 (PMC3390818)",
        )
    };
    let mut models: Vec<_> = CHIPS.into_iter().map(chip).collect();
    models.push(loihi);
    models.extend(SYSTEMS.map(system));
    models.push(cortex);
    models
}
