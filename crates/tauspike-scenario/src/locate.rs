//! From a refusal of the network builder, which knows no file, to the line that is wrong.

use crate::error::ScenarioError;
use crate::section::Section;
use crate::tree;
use tauspike_network::NetworkError;
use tauspike_network::distribution::DistributionError;

/// The sections of the file by the name that the network builder gives them: `population "E"`.
pub(crate) type Places<'a> = Vec<(String, Section<'a>)>;

/// What is wrong, without where: the owner and field of the network, a part of the field, the value, and what is allowed.
struct Wrong<'e> {
    owner: &'e str,
    field: &'static str,
    part: Option<&'static str>,
    value: String,
    allowed: String,
}

/// The refusal with its file and line, if a section of the file is to blame.
pub(crate) fn located(error: NetworkError, places: &Places, file: &str) -> ScenarioError {
    let found = wrong(&error).and_then(|wrong| {
        let (_, section) = places.iter().find(|(name, _)| name == wrong.owner)?;
        Some(refusal(wrong, section))
    });
    found.unwrap_or(ScenarioError::Network { file: file.to_owned(), source: Box::new(error) })
}

fn wrong(error: &NetworkError) -> Option<Wrong<'_>> {
    let wrong = |owner, field, part, value, allowed| Some(Wrong { owner, field, part, value, allowed });
    match error {
        NetworkError::Value { owner, field, value, allowed } => {
            wrong(owner, field, None, value.clone(), allowed.clone())
        }
        NetworkError::Member { owner, field, member, value, allowed } => {
            wrong(owner, field, None, format!("{} (of member {member})", short(*value)), allowed.clone())
        }
        NetworkError::Distribution { owner, field, source } => match source {
            DistributionError::Value { field: part, value, allowed } => {
                wrong(owner, field, Some(*part), short(*value), allowed.to_string())
            }
            DistributionError::Empty => wrong(owner, field, Some("values"), "[]".into(), "at least one value".into()),
            DistributionError::Hopeless { min, max, kept, tried } => {
                let value = format!("a distribution of which [{min}, {max}] keeps {kept} of {tried} draws");
                wrong(owner, field, None, value, "bounds that keep at least 1 %".into())
            }
            _ => None,
        },
        _ => None,
    }
}

/// All digits, and an exponent instead of a row of zeros.
fn short(value: f64) -> String {
    if value != 0.0 && !(1e-5..1e16).contains(&value.abs()) { format!("{value:e}") } else { value.to_string() }
}

fn refusal(wrong: Wrong, section: &Section) -> ScenarioError {
    let Wrong { owner, field, part, value, allowed } = wrong;
    let part = part.map_or(String::new(), |part| format!(".{part}"));
    let written = section.table.iter().find(|(key, _)| names(key, field));
    let (name, origin) = match (written, tree::get(section.table, "parameters")) {
        (Some((key, node)), _) if field.contains("(=") => (format!("{key} (which v_reset follows)"), &node.origin),
        (Some((key, node)), _) => (format!("{key}{part}"), &node.origin),
        (None, Some(table)) => (format!("{field} (of parameters = {})", table.value), &table.origin),
        (None, None) => (field.to_owned(), section.origin),
    };
    let field = format!("{owner}: {name}");
    ScenarioError::Field { file: section.file.to_owned(), origin: origin.clone(), field, value, allowed }
}

/// Whether `key` of the file is `field` of the network: `tau_m_ms` is `tau_m`, `indegree` is `in-degree`; a V_reset that is not
/// given is E_L, and `v_reset (= e_l)` is `e_l_mv`.
fn names(key: &str, field: &str) -> bool {
    const UNITS: [&str; 5] = ["ms", "mv", "pa", "pf", "hz"];
    let given = field.split_once("(= ").map_or(field, |(_, given)| given.trim_end_matches(')'));
    let given = given.replace('-', "");
    key == given || key.rsplit_once('_').is_some_and(|(stem, unit)| UNITS.contains(&unit) && stem == given)
}
