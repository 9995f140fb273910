//! Synapses as a table, or one projection as a SciPy matrix.

use super::{Format, Result, Table, Target, names_of, unwritten};
use tauspike_import::{Entry, Heading, Holds, Values, write_csr};
use tauspike_network::Network;
use tauspike_network::population::Cells;
use tauspike_record::NewFile;

/// Synapses handed over at once.
const CHUNK: usize = 65_536;

pub(super) fn write(network: &Network, target: &Target, replace: bool) -> Result<()> {
    if target.format == Format::Npz {
        return matrix(network, target, replace);
    }
    let (millivolt, picoampere) = (has_unit(network, target, false), has_unit(network, target, true));
    let column = |name, holds| Heading { name, holds };
    let mut columns = vec![
        column("projection", Holds::Names),
        column("source_population", Holds::Names),
        column("target_population", Holds::Names),
        column("source", Holds::Indices),
        column("target", Holds::Indices),
        column("pre", Holds::Indices),
        column("post", Holds::Indices),
    ];
    // Without any projection the unit of a weight is not known; mV as for the default model.
    if millivolt || !picoampere {
        columns.push(column("weight_mv", Holds::Numbers));
    }
    if picoampere {
        columns.push(column("weight_pa", Holds::Numbers));
    }
    columns.push(column("delay_ms", Holds::Numbers));

    let mut table = Table::create(&target.path, target.format, &columns, replace)?;
    let projections: Vec<String> = network.projections().iter().map(|p| p.name.clone()).collect();
    let mut chunk =
        Chunk { names: (projections, names_of(network)), mixed: millivolt && picoampere, ..Chunk::default() };
    for &k in &target.of {
        let projection = &network.projections()[k];
        let (source, target) = (projection.source, projection.target);
        let first = [source, target].map(|population| network.populations()[population as usize].first);
        chunk.begin((k as u32, source, target), is_current(network, k));
        for synapse in network.synapses_of(k) {
            chunk.source.push(synapse.source);
            chunk.target.push(synapse.target);
            chunk.pre.push(synapse.source - first[0]);
            chunk.post.push(synapse.target - first[1]);
            chunk.weight.push(synapse.weight);
            chunk.delay.push(synapse.delay);
            if chunk.delay.len() == CHUNK {
                chunk.write(&mut table)?;
            }
        }
        chunk.write(&mut table)?;
    }
    table.finish()
}

/// Synapses of one projection that wait to be written.
#[derive(Default)]
struct Chunk {
    /// Of projections and populations.
    names: (Vec<String>, Vec<String>),
    /// Positions in them: projection, source, target.
    of: (u32, u32, u32),
    /// There is a column for each unit of weights.
    mixed: bool,
    /// The weights are pA.
    current: bool,
    source: Vec<u32>,
    target: Vec<u32>,
    pre: Vec<u32>,
    post: Vec<u32>,
    weight: Vec<f64>,
    delay: Vec<f64>,
}

impl Chunk {
    fn begin(&mut self, of: (u32, u32, u32), current: bool) {
        (self.of, self.current) = (of, current);
    }

    fn write(&mut self, table: &mut Table) -> Result<()> {
        let rows = self.delay.len();
        let same = |position: u32| vec![position; rows];
        let (projection, source, target) = (same(self.of.0), same(self.of.1), same(self.of.2));
        let absent = vec![f64::NAN; if self.mixed { rows } else { 0 }];
        let mut columns = vec![
            Values::Names { rows: &projection, names: &self.names.0 },
            Values::Names { rows: &source, names: &self.names.1 },
            Values::Names { rows: &target, names: &self.names.1 },
            Values::Indices(&self.source),
            Values::Indices(&self.target),
            Values::Indices(&self.pre),
            Values::Indices(&self.post),
        ];
        match (self.mixed, self.current) {
            (false, _) => columns.push(Values::Numbers(&self.weight)),
            (true, false) => columns.extend([Values::Numbers(&self.weight), Values::Numbers(&absent)]),
            (true, true) => columns.extend([Values::Numbers(&absent), Values::Numbers(&self.weight)]),
        }
        columns.push(Values::Numbers(&self.delay));
        table.write(&columns)?;
        [&mut self.source, &mut self.target, &mut self.pre, &mut self.post].into_iter().for_each(Vec::clear);
        [&mut self.weight, &mut self.delay].into_iter().for_each(Vec::clear);
        Ok(())
    }
}

fn has_unit(network: &Network, target: &Target, current: bool) -> bool {
    target.of.iter().any(|&k| is_current(network, k) == current)
}

/// Whether weights of projection `k` are pA.
fn is_current(network: &Network, k: usize) -> bool {
    let target = &network.populations()[network.projections()[k].target as usize];
    matches!(&target.cells, Cells::Lif(lif) if lif.synapse.tau_syn().is_some())
}

fn matrix(network: &Network, target: &Target, replace: bool) -> Result<()> {
    let k = target.of[0];
    let projection = &network.projections()[k];
    let [source, to] = [projection.source, projection.target].map(|p| &network.populations()[p as usize]);
    let entries = || {
        network.synapses_of(k).map(|synapse| Entry {
            row: synapse.source - source.first,
            column: synapse.target - to.first,
            weight: synapse.weight,
            delay: synapse.delay,
        })
    };
    let file = NewFile::create(&target.path, replace)?;
    let file = write_csr((source.size, to.size), entries, file).map_err(unwritten(&target.path))?;
    Ok(file.finish()?)
}
