//! `[[regime]]`: what a network of the sweep is called, by conditions on its row. The first regime whose conditions all hold counts; a value
//! that is not known fulfils none.

use crate::row::{Columns, Row};
use tauspike_scenario::ScenarioError;
use tauspike_scenario::section::{Entry, Section};

type Result<T> = std::result::Result<T, ScenarioError>;

/// A name, and when it applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Regime {
    /// The name.
    pub name: String,
    conditions: Vec<Condition>,
}

/// `column < number`.
#[derive(Clone, Debug, PartialEq)]
struct Condition {
    column: String,
    comparison: Comparison,
    number: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

pub(crate) fn read(whole: &Section, columns: &Columns) -> Result<Vec<Regime>> {
    let mut regimes: Vec<Regime> = Vec::new();
    for section in whole.sections("regime")? {
        section.allow(&["name", "where"])?;
        let name = section.need("name", "a text in quotes")?;
        if regimes.iter().any(|other| Ok(other.name.as_str()) == name.text().as_deref().map_err(|_| ())) {
            return Err(name.refuse("a name that no other regime has"));
        }
        let items = section
            .need("where", "a list of conditions, such as [\"synchrony_E < 0.2\"]")?
            .items("a list of conditions")?;
        let conditions = items.iter().map(|item| condition(item, columns)).collect::<Result<_>>()?;
        regimes.push(Regime { name: name.text()?.to_owned(), conditions });
    }
    Ok(regimes)
}

fn condition(entry: &Entry, columns: &Columns) -> Result<Condition> {
    const COMPARISONS: [(&str, Comparison); 4] = [
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
    ];
    let text = entry.text()?;
    let split = |(sign, comparison): (&str, Comparison)| {
        text.split_once(sign).map(|(column, number)| (column.trim(), comparison, number.trim()))
    };
    let Some((column, comparison, number)) = COMPARISONS.into_iter().find_map(split) else {
        return Err(entry.refuse("a column, one of < <= > >=, and a number: \"synchrony_E < 0.2\""));
    };
    let Some(number) = number.parse::<f64>().ok().filter(|number| number.is_finite()) else {
        return Err(entry.refuse("a number to the right of the comparison"));
    };
    if !columns.knows(column) {
        return Err(entry.refuse(format!("a column to the left: {}", columns.allowed(column))));
    }
    if !columns.is_of_numbers(column) {
        return Err(entry.refuse("a column of numbers to the left"));
    }
    Ok(Condition { column: column.to_owned(), comparison, number })
}

/// The name for this row.
pub(crate) fn of<'r>(regimes: &'r [Regime], row: &Row) -> Option<&'r str> {
    let holds = |regime: &&Regime| regime.conditions.iter().all(|condition| condition.holds(row));
    regimes.iter().find(holds).map(|regime| regime.name.as_str())
}

impl Condition {
    fn holds(&self, row: &Row) -> bool {
        let Some(value) = row.get(&self.column).number() else { return false };
        match self.comparison {
            Comparison::Less => value < self.number,
            Comparison::LessOrEqual => value <= self.number,
            Comparison::Greater => value > self.number,
            Comparison::GreaterOrEqual => value >= self.number,
        }
    }
}
