//! Degrees, weights and delays of a projection, in one walk over its synapses and without a matrix of them.

use super::parameters::Spread;
use serde::Serialize;
use tauspike_network::Network;
use tauspike_network::population::Cells;

#[derive(Serialize)]
pub struct ProjectionReport {
    pub name: String,
    pub source: String,
    pub target: String,
    pub synapses: u64,
    /// Pairs joined by at least one synapse: the stored entries of the sparse matrix.
    pub pairs: u64,
    /// `pairs` over all pairs: the density of the sparse matrix.
    pub density: f64,
    pub weight_unit: &'static str,
    pub in_degree: Option<Spread>,
    pub out_degree: Option<Spread>,
    /// Absent if there is no synapse, as `delay_ms`.
    pub weight: Option<Spread>,
    pub delay_ms: Option<Spread>,
}

/// Of projection number `k`.
pub fn of(network: &Network, k: usize) -> ProjectionReport {
    let projection = &network.projections()[k];
    let source = &network.populations()[projection.source as usize];
    let target = &network.populations()[projection.target as usize];
    let mut ins = vec![0u32; target.size as usize];
    let mut outs = vec![0u32; source.size as usize];
    let (mut weights, mut delays) = (Spread::running(), Spread::running());
    let (mut pairs, mut last) = (0u64, None);
    for synapse in network.synapses_of(k) {
        ins[(synapse.target - target.first) as usize] += 1;
        outs[(synapse.source - source.first) as usize] += 1;
        weights.add(synapse.weight);
        delays.add(synapse.delay);
        // Ordered by source, then target.
        let pair = Some((synapse.source, synapse.target));
        pairs += u64::from(pair != last);
        last = pair;
    }
    let degrees = |counts: &[u32]| {
        let mut running = Spread::running();
        counts.iter().for_each(|count| running.add(f64::from(*count)));
        running.finish()
    };
    let weight_unit = match &target.cells {
        Cells::Lif(lif) => lif.synapse.kind().unit(),
        _ => "mV",
    };
    ProjectionReport {
        name: projection.name.clone(),
        source: source.name.clone(),
        target: target.name.clone(),
        synapses: projection.synapses(),
        pairs,
        density: pairs as f64 / (f64::from(source.size) * f64::from(target.size)),
        weight_unit,
        in_degree: degrees(&ins),
        out_degree: degrees(&outs),
        weight: weights.finish(),
        delay_ms: delays.finish(),
    }
}
