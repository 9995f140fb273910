//! The realised parameters as a table: one row for each neuron, columns named as in a scenario.

use super::{Format, Result, Table, Target, names_of, unwritten};
use std::io::{self, Write};
use tauspike_import::{Heading, Holds, TableWriter, Values, write_arrays};
use tauspike_network::population::{Cells, Lif};
use tauspike_network::{LIF, Network};
use tauspike_record::NewFile;

/// Neurons handed over at once.
const CHUNK: u32 = 65_536;

/// The parameters of all neurons as a Parquet file; none if there are only sources.
pub(crate) fn parquet(network: &Network) -> io::Result<Option<Vec<u8>>> {
    let neurons: Vec<usize> = (0..network.populations().len()).filter(|&k| lif(network, k).is_some()).collect();
    if neurons.is_empty() {
        return Ok(None);
    }
    let keys = keys(network, &neurons);
    let mut writer = TableWriter::parquet(Vec::new(), &headings(&keys))?;
    rows(network, &neurons, &keys, &mut writer)?;
    writer.finish().map(Some)
}

pub(super) fn write(network: &Network, target: &Target, replace: bool) -> Result<()> {
    if target.format == Format::Npz {
        return arrays(network, target, replace);
    }
    let keys = keys(network, &target.of);
    let mut table = Table::create(&target.path, target.format, &headings(&keys), replace)?;
    rows(network, &target.of, &keys, &mut table.writer).map_err(unwritten(&target.path))?;
    table.finish()
}

/// The parameters that some of these populations have; in the rows of others they are absent.
fn keys(network: &Network, populations: &[usize]) -> Vec<&'static str> {
    let has = |k: usize, key: &str| lif(network, k).is_some_and(|lif| lif.columns().any(|(p, _)| p.key == key));
    let all = LIF.iter().map(|parameter| parameter.key);
    all.filter(|key| populations.iter().any(|&k| has(k, key))).collect()
}

fn headings(keys: &[&'static str]) -> Vec<Heading> {
    let labels = [("population", Holds::Names), ("neuron", Holds::Indices), ("local", Holds::Indices)];
    let values = keys.iter().map(|key| (*key, Holds::Numbers));
    labels.into_iter().chain(values).map(|(name, holds)| Heading { name, holds }).collect()
}

fn rows<W: Write + Send>(
    network: &Network,
    populations: &[usize],
    keys: &[&str],
    writer: &mut TableWriter<W>,
) -> io::Result<()> {
    let names = names_of(network);
    for &k in populations {
        let Some(lif) = lif(network, k) else { continue };
        let population = &network.populations()[k];
        for start in (0..population.size).step_by(CHUNK as usize) {
            let local: Vec<u32> = (start..population.size.min(start.saturating_add(CHUNK))).collect();
            let neuron: Vec<u32> = local.iter().map(|local| population.first + local).collect();
            let values: Vec<Vec<f64>> = keys.iter().map(|key| of(lif, key, &local)).collect();
            let of_population = vec![k as u32; local.len()];
            let labels = [
                Values::Names { rows: &of_population, names: &names },
                Values::Indices(&neuron),
                Values::Indices(&local),
            ];
            let columns: Vec<Values> =
                labels.into_iter().chain(values.iter().map(|values| Values::Numbers(values))).collect();
            writer.write(&columns)?;
        }
    }
    Ok(())
}

fn lif(network: &Network, population: usize) -> Option<&Lif> {
    match &network.populations()[population].cells {
        Cells::Lif(lif) => Some(lif),
        _ => None,
    }
}

/// The parameter `key` of these members; NaN if they have none.
fn of(lif: &Lif, key: &str, members: &[u32]) -> Vec<f64> {
    let column = lif.columns().find(|(parameter, _)| parameter.key == key).map(|(_, column)| column);
    members.iter().map(|&member| column.map_or(f64::NAN, |column| column.get(member as usize))).collect()
}

/// NumPy arrays of the neurons of one population.
fn arrays(network: &Network, target: &Target, replace: bool) -> Result<()> {
    let k = target.of[0];
    let population = &network.populations()[k];
    let local: Vec<u32> = (0..population.size).collect();
    let neuron: Vec<u32> = population.range().collect();
    let keys = keys(network, &target.of);
    let values: Vec<Vec<f64>> =
        keys.iter().map(|key| lif(network, k).map_or_else(Vec::new, |lif| of(lif, key, &local))).collect();
    let mut columns = vec![("neuron", Values::Indices(&neuron)), ("local", Values::Indices(&local))];
    columns.extend(keys.iter().zip(&values).map(|(key, values)| (*key, Values::Numbers(values))));
    let file = NewFile::create(&target.path, replace)?;
    let file = write_arrays(&columns, file).map_err(unwritten(&target.path))?;
    Ok(file.finish()?)
}
