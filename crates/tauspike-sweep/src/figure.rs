//! Pictures of a data set: a map of a column over two others, or lines of it over one. Rows that agree in those are averaged, and where there
//! are several, as with seeds, lines have 95 % intervals of the mean (Student's t).

use crate::dataset::Dataset;
use crate::error::SweepError;
use crate::place::Place;
use crate::row::{Cell, is_reserved};
use crate::spec::{FigureSpec, Sweep};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use tauspike_record::{RecordError, write_file};
use tauspike_report::picture::heat::{Cells, Heat};
use tauspike_report::picture::{Axis, Figure, Lines, Panel, Point, Series, Style, standalone};
use tauspike_report::statistics::Estimate;
use tauspike_report::{ReportError, raster};

const COLOURS: [&str; 8] = ["--cold1", "--warm1", "--cold3", "--warm2", "--warm3", "--cold4", "--warm4", "--cold2"];

/// The picture as SVG with colours as CSS variables ([`standalone`] puts light ones in their place).
///
/// # Errors
/// If a column is not there, or is not of numbers where numbers are needed.
pub fn svg(dataset: &Dataset, spec: &FigureSpec) -> Result<String, SweepError> {
    match &spec.y {
        Some(y) => map(dataset, spec, y),
        None => lines(dataset, spec),
    }
}

/// Axes of which runs with several values are averaged at one place of the picture, and how many values each has.
pub fn pooled<'a>(dataset: &'a Dataset, spec: &FigureSpec) -> Vec<(&'a str, usize)> {
    let shown = [Some(&spec.x), spec.y.as_ref(), spec.by.as_ref(), Some(&spec.value)];
    let place: Vec<usize> = shown[..3].iter().flatten().filter_map(|name| dataset.position(name)).collect();
    let is_pooled = |axis: usize| {
        let mut first: HashMap<Vec<String>, &Cell> = HashMap::new();
        dataset.rows.iter().any(|cells| {
            let here = place.iter().map(|column| cells[*column].shown()).collect();
            **first.entry(here).or_insert(&cells[axis]) != cells[axis]
        })
    };
    let axes =
        dataset.columns.iter().enumerate().filter(|(_, name)| !is_reserved(name) && !shown.contains(&Some(name)));
    axes.filter(|(k, _)| is_pooled(*k)).map(|(k, name)| (name.as_str(), values(dataset, k).len())).collect()
}

/// Draws the figures of a sweep that has been collected, as SVG and PNG.
///
/// # Errors
/// As [`svg`]; if a file cannot be written.
pub fn write_all(sweep: &Sweep, out: &Path) -> Result<Vec<PathBuf>, SweepError> {
    if sweep.figures.is_empty() {
        return Ok(Vec::new());
    }
    let dataset = Dataset::read(out)?;
    let folder = Place(out).figures();
    fs::create_dir_all(&folder).map_err(RecordError::io(&folder, "create"))?;
    let mut files = Vec::new();
    for spec in &sweep.figures {
        let svg = standalone(&svg(&dataset, spec)?);
        let failed = |error: Box<dyn std::error::Error>| ReportError::Picture {
            name: spec.name.clone(),
            reason: error.to_string(),
        };
        let png = raster::png(&svg).map_err(failed)?;
        for (ending, content) in [("svg", svg.as_bytes()), ("png", &png[..])] {
            let path = folder.join(format!("{}.{ending}", spec.name));
            write_file(&path, content, true)?;
            files.push(path);
        }
    }
    Ok(files)
}

fn map(dataset: &Dataset, spec: &FigureSpec, y: &str) -> Result<String, SweepError> {
    let (x, y, value) = (dataset.need("x", &spec.x)?, dataset.need("y", y)?, dataset.need("value", &spec.value)?);
    let (columns, rows) = (values(dataset, x), values(dataset, y));
    let of = |row: &Cell, column: &Cell| {
        let same = move |cells: &&Vec<Cell>| cells[x] == *column && cells[y] == *row;
        dataset.rows.iter().filter(same).map(|cells| &cells[value]).collect::<Vec<_>>()
    };
    let is_text = dataset.rows.iter().any(|cells| matches!(cells[value], Cell::Text(_) | Cell::Flag(_)));
    let cells = if is_text {
        let names: Vec<String> = values(dataset, value).iter().map(Cell::shown).collect();
        let name = |cells: Vec<&Cell>| most_frequent(&cells, &names);
        let cells = rows.iter().map(|row| columns.iter().map(|column| name(of(row, column))).collect()).collect();
        Cells::Names { names, cells }
    } else {
        let number = |cells: Vec<&Cell>| mean(&cells.iter().filter_map(|cell| cell.number()).collect::<Vec<f64>>());
        Cells::Numbers(rows.iter().map(|row| columns.iter().map(|column| number(of(row, column))).collect()).collect())
    };
    let shown = |cells: &[Cell]| cells.iter().map(label).collect();
    let heat = Heat {
        title: spec.title.clone().unwrap_or_else(|| spec.value.clone()),
        x_label: spec.x.clone(),
        y_label: spec.y.clone().unwrap_or_default(),
        value_label: spec.value.clone(),
        columns: shown(&columns),
        rows: shown(&rows),
        cells,
    };
    Ok(heat.svg())
}

fn lines(dataset: &Dataset, spec: &FigureSpec) -> Result<String, SweepError> {
    let (x, value) = (dataset.need("x", &spec.x)?, dataset.need("value", &spec.value)?);
    let by = spec.by.as_ref().map(|by| dataset.need("by", by)).transpose()?;
    for (what, name, column) in [("x", &spec.x, x), ("value", &spec.value, value)] {
        let numbers = dataset.rows.iter().all(|cells| cells[column] == Cell::None || cells[column].number().is_some());
        if !numbers {
            let allowed = "a column of numbers, for lines".into();
            return Err(SweepError::Column { what, name: name.clone(), allowed });
        }
    }
    let groups = match by {
        Some(by) => values(dataset, by),
        None => vec![Cell::None],
    };
    let series = groups.iter().enumerate().map(|(k, group)| {
        let own = |cells: &&Vec<Cell>| by.is_none_or(|by| cells[by] == *group);
        let rows: Vec<&Vec<Cell>> = dataset.rows.iter().filter(own).collect();
        Series {
            label: by.map_or_else(
                || spec.value.clone(),
                |_| format!("{} = {}", spec.by.as_deref().unwrap_or_default(), label(group)),
            ),
            colour: COLOURS[k % COLOURS.len()].to_owned(),
            style: Style::Line,
            points: values(dataset, x).iter().filter_map(|at| point(&rows, (x, at), value)).collect(),
        }
    });
    let axis = |label: &str| Axis::new(label);
    let title = spec.title.clone().unwrap_or_else(|| format!("{} over {}", spec.value, spec.x));
    let panel = Lines { title: title.clone(), x: axis(&spec.x), y: axis(&spec.value), series: series.collect() };
    let figure = Figure { name: "lines", title, caption: String::new(), panels: vec![Panel::Lines(panel)] };
    Ok(figure.svg())
}

/// The mean at one place, with its interval.
fn point(rows: &[&Vec<Cell>], (x, at): (usize, &Cell), value: usize) -> Option<Point> {
    let own = rows.iter().filter(|cells| cells[x] == *at).filter_map(|cells| cells[value].number());
    let own: Vec<f64> = own.collect();
    if own.is_empty() {
        return None;
    }
    let y = mean(&own);
    let (low, high) = Estimate::of_mean(&own).map_or((y, y), |estimate| (estimate.low, estimate.high));
    Some(Point { x: at.number()?, y, low, high, note: format!("; {} runs", own.len()) })
}

/// The different values of a column: numbers ascending, others in the order of the rows.
fn values(dataset: &Dataset, column: usize) -> Vec<Cell> {
    let mut found: Vec<Cell> = Vec::new();
    for cells in &dataset.rows {
        if cells[column] != Cell::None && !found.contains(&cells[column]) {
            found.push(cells[column].clone());
        }
    }
    if found.iter().all(|cell| cell.number().is_some()) {
        found.sort_by(|a, b| a.number().unwrap_or(0.0).total_cmp(&b.number().unwrap_or(0.0)));
    }
    found
}

/// Four digits are enough for a label.
fn label(cell: &Cell) -> String {
    match cell {
        Cell::Real(value) => format!("{}", (value * 1e4).round() / 1e4),
        other => other.shown(),
    }
}

/// The position of the name that is there most often; of several the first.
fn most_frequent(cells: &[&Cell], names: &[String]) -> Option<usize> {
    let count = |name: &String| cells.iter().filter(|cell| cell.shown() == *name).count();
    let counts: Vec<usize> = names.iter().map(count).collect();
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    counts.iter().position(|count| *count == most)
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { f64::NAN } else { values.iter().sum::<f64>() / values.len() as f64 }
}
