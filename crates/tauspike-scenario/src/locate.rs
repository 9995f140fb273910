//! From a refusal of the network builder, which knows no file, to the line that is wrong.

use crate::data_file::{self, Refused};
use crate::error::ScenarioError;
use crate::places::{self, Places, is_key_of, key_of, section_of};
use crate::section::Section;
use crate::tree;
use tauspike_network::NetworkError;
use tauspike_network::distribution::{DistributionError, short};

/// What is wrong, without where: the owner and field of the network, a part of the field, the value, and what is allowed.
struct Wrong<'e> {
    owner: &'e str,
    field: &'static str,
    part: Option<&'static str>,
    value: String,
    allowed: String,
    /// Which of the values of a list, if it is one.
    member: Option<usize>,
}

/// The refusal with its file and line, if a section of the file is to blame.
pub(crate) fn located(error: NetworkError, places: &Places, file: &str) -> ScenarioError {
    let found = wrong(&error).and_then(|wrong| {
        let section = section_of(places, wrong.owner)?;
        Some(of_data_file(&wrong, section, places).unwrap_or_else(|| refusal(wrong, section, places)))
    });
    found.unwrap_or(ScenarioError::Network { file: file.to_owned(), source: Box::new(error) })
}

fn wrong(error: &NetworkError) -> Option<Wrong<'_>> {
    let wrong = |owner, field, part, value, allowed| Some(Wrong { owner, field, part, value, allowed, member: None });
    match error {
        NetworkError::Value { owner, field, value, allowed } => {
            wrong(owner, field, None, value.clone(), allowed.clone())
        }
        NetworkError::Member { owner, field, member, value, allowed } => {
            let one = wrong(owner, field, None, short(*value), allowed.clone())?;
            Some(Wrong { member: Some(*member), ..one })
        }
        NetworkError::Distribution { owner, field, source } => match source {
            DistributionError::Value { field: part, value, allowed } => {
                wrong(owner, field, Some(*part), short(*value), allowed.to_string())
            }
            DistributionError::Empty => wrong(owner, field, Some("values"), "[]".into(), "at least one value".into()),
            DistributionError::Hopeless { min, max, kept, tried } => {
                let (min, max) = (short(*min), short(*max));
                let value = format!("a distribution of which [{min}, {max}] keeps {kept} of {tried} draws");
                wrong(owner, field, None, value, "bounds that keep at least 1 %".into())
            }
            _ => None,
        },
        _ => None,
    }
}

/// One of many values, if it is from a data file.
fn of_data_file(wrong: &Wrong, section: &Section, places: &Places) -> Option<ScenarioError> {
    let Wrong { owner, field, value, allowed, .. } = wrong;
    data_file::refusal(&Refused { owner, field, member: wrong.member?, value, allowed }, section, places)
}

fn refusal(wrong: Wrong, section: &Section, places: &Places) -> ScenarioError {
    let Wrong { owner, field, part, value, allowed, member } = wrong;
    let value = member.map_or(value.clone(), |member| format!("{value} (of member {member})"));
    let part = part.map_or(String::new(), |part| format!(".{part}"));
    let key = key_of(field, places::unit(places, section));
    let written = section.table.iter().find(|(key, _)| is_key_of(key, field));
    let (name, origin) = match (written, tree::get(section.table, "parameters")) {
        (Some((key, node)), _) if field.contains("(=") => (format!("{key} (which v_reset follows)"), &node.origin),
        (Some((key, node)), _) => (format!("{key}{part}"), &node.origin),
        (None, Some(table)) => (format!("{key} (of parameters = {})", table.value), &table.origin),
        (None, None) => (key.to_owned(), section.origin),
    };
    let field = format!("{owner}: {name}");
    ScenarioError::Field { file: section.file.to_owned(), origin: origin.clone(), field, value, allowed }
}
