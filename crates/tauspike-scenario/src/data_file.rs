//! From a value that the network builder refuses to its row in the data file from which it was read.

use crate::error::ScenarioError;
use crate::places::{self, Places, is_key_of};
use crate::section::{Entry, Section};
use crate::tree::Value;
use tauspike_import::{Members, Source, SynapseShape, column_names, refused_member, refused_synapse};
use tauspike_network::LIF;

/// A value that was refused: number `member` of `field` of `owner`.
pub(crate) struct Refused<'w> {
    pub owner: &'w str,
    pub field: &'w str,
    pub member: usize,
    pub value: &'w str,
    pub allowed: &'w str,
}

/// The refusal with file, row and column; none if the value is from no data file.
pub(crate) fn refusal(refused: &Refused, section: &Section, places: &Places) -> Option<ScenarioError> {
    match refused.owner.strip_prefix("projection \"") {
        Some(name) => of_synapse(refused, name.trim_end_matches('"'), section, places),
        None => of_member(refused, section, places),
    }
}

fn of_synapse(refused: &Refused, name: &str, section: &Section, places: &Places) -> Option<ScenarioError> {
    let file = section.get("file")?;
    let size = |key: &str| places::size(places::population(places, section, key)?);
    let shape = SynapseShape { n_pre: size("from")?, n_post: size("to")?, unit: places::unit(places, section)? };
    let (place, source) = ((refused.member, refused.field), file.table_source().ok()?);
    Some(file.import(refused_synapse(&source, (shape, name), place, refused.value, refused.allowed)))
}

fn of_member(refused: &Refused, section: &Section, places: &Places) -> Option<ScenarioError> {
    let (file, source, column) = column(refused.field, section)?;
    let population = places::population(places, section, "target").unwrap_or(section);
    let size = places::size(population)?;
    let listed = section.get("members").map(|members| members.indices(size)).transpose().ok()?;
    let name = population.get("name")?.text().ok()?;
    let members = Members { size, listed: listed.as_deref(), population: Some(name) };
    let member = (members, refused.member);
    Some(file.import(refused_member(&source, column.as_deref(), member, refused.value, refused.allowed)))
}

/// The entry that names the file with the values of `field`, the file, and the column of it that is read.
fn column<'a>(field: &str, section: &Section<'a>) -> Option<(Entry<'a>, Source<'static>, Option<String>)> {
    let written = section.table.iter().find(|(key, _)| is_key_of(key, field));
    match written {
        Some((key, node)) => {
            let Value::Table(_) = node.value else { return None };
            let table = section.get(key)?.table(".").ok().filter(|table| table.get("distribution").is_none())?;
            let (file, column) = (table.get("file")?, table.get("column").and_then(|column| column.text().ok()));
            let source = file.source().ok()?;
            Some((file, source, column.map(str::to_owned)))
        }
        None => {
            let file = section.get("parameters")?;
            let source = file.table_source().ok()?;
            let names = column_names(&source).ok()?;
            let key = LIF.iter().map(|parameter| parameter.key).find(|key| is_key_of(key, field))?;
            names.iter().any(|name| name == key).then(|| (file, source, Some(key.to_owned())))
        }
    }
}
