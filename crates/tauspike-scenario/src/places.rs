//! The sections of a scenario, found by the names that the network builder gives to what they describe.

use crate::population::weight_unit;
use crate::section::Section;
use tauspike_import::WeightUnit;
use tauspike_network::LIF;

/// The sections by the name of their owner in the network: `population "E"`.
pub(crate) type Places<'a> = Vec<(String, Section<'a>)>;

/// The section of `owner`.
pub(crate) fn section_of<'p, 'a>(places: &'p Places<'a>, owner: &str) -> Option<&'p Section<'a>> {
    places.iter().find(|(name, _)| name == owner).map(|(_, section)| section)
}

/// The population that `key` of a projection or input names.
pub(crate) fn population<'p, 'a>(places: &'p Places<'a>, section: &Section, key: &str) -> Option<&'p Section<'a>> {
    let name = section.get(key)?.text().ok()?;
    section_of(places, &format!("population \"{name}\""))
}

/// The members of a population, if its section tells how many.
pub(crate) fn size(population: &Section) -> Option<u32> {
    population.get("size")?.integer(1, u64::from(u32::MAX)).ok().map(|size| size as u32)
}

/// The unit of the weights of a projection or input.
pub(crate) fn unit(places: &Places, section: &Section) -> Option<WeightUnit> {
    let target = population(places, section, "to").or_else(|| population(places, section, "target"))?;
    weight_unit(target.get("model")?.text().ok()?)
}

/// Whether `key` of the file is `field` of the network: `tau_m_ms` is `tau_m`, `indegree` is `in-degree`; a V_reset that is not
/// given is E_L, and `v_reset (= e_l)` is `e_l_mv`.
pub(crate) fn is_key_of(key: &str, field: &str) -> bool {
    const UNITS: [&str; 5] = ["ms", "mv", "pa", "pf", "hz"];
    let given = field.split_once("(= ").map_or(field, |(_, given)| given.trim_end_matches(')'));
    let given = given.replace('-', "");
    key == given || key.rsplit_once('_').is_some_and(|(stem, unit)| UNITS.contains(&unit) && stem == given)
}

/// The key of a field that the file does not have.
pub(crate) fn key_of(field: &'static str, unit: Option<WeightUnit>) -> &'static str {
    match (field, unit) {
        ("weight", Some(unit)) => unit.key(),
        ("delay", _) => "delay_ms",
        ("rate", _) => "rate_hz",
        _ => LIF.iter().find(|parameter| parameter.name == field).map_or(field, |parameter| parameter.key),
    }
}
