//! `[[figure]]`: pictures that are drawn at the end.

use crate::row::{Columns, REGIME};
use tauspike_scenario::ScenarioError;
use tauspike_scenario::section::Section;

type Result<T> = std::result::Result<T, ScenarioError>;

/// One picture: a map of `value` over `x` and `y`, or lines of it over `x`.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureSpec {
    /// Name of its files.
    pub name: String,
    /// Above the picture; what it shows if absent.
    pub title: Option<String>,
    /// Column of the horizontal axis.
    pub x: String,
    /// Column of the vertical axis of a map.
    pub y: Option<String>,
    /// Column that is shown.
    pub value: String,
    /// Column that tells lines apart.
    pub by: Option<String>,
}

pub(super) fn read(whole: &Section, columns: &Columns, regimes: bool) -> Result<Vec<FigureSpec>> {
    let mut figures: Vec<FigureSpec> = Vec::new();
    for section in whole.sections("figure")? {
        section.allow(&["name", "title", "x", "y", "value", "by"])?;
        let known = |key: &str| -> Result<Option<String>> {
            let Some(entry) = section.get(key) else { return Ok(None) };
            let name = entry.text()?;
            match columns.knows(name) || (regimes && name == REGIME) {
                true => Ok(Some(name.to_owned())),
                false => Err(entry.refuse(columns.allowed(name))),
            }
        };
        let need = |key: &str| known(key)?.ok_or_else(|| section.absent(key, "the name of a column"));
        let (x, y, value, by) = (need("x")?, known("y")?, need("value")?, known("by")?);
        if y.is_none() {
            for (key, column) in [("x", &x), ("value", &value)] {
                if let Some(entry) = section.get(key).filter(|_| !columns.is_of_numbers(column)) {
                    return Err(entry.refuse("a column of numbers, for lines"));
                }
            }
        }
        if let (Some(_), Some(entry)) = (&y, section.get("by")) {
            return Err(entry.refuse("no `by` beside `y`: a map has no lines"));
        }
        let name = match section.get("name") {
            Some(entry) => entry.file_name()?.to_owned(),
            None => value.clone(),
        };
        if figures.iter().any(|other| other.name == name) {
            return Err(section.absent("name", "a name that no other figure has"));
        }
        let title = section.get("title").map(|entry| entry.text().map(str::to_owned)).transpose()?;
        figures.push(FigureSpec { name, title, x, y, value, by });
    }
    Ok(figures)
}
