//! A map on its own: for each pair of values of two axes a number as shade, or a name as colour.

use super::{NOTHING, UNKNOWN, escaped, text, told};
use std::fmt::Write;

const WIDTH: f64 = 700.0;
const HEIGHT: f64 = 480.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = WIDTH - 130.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = HEIGHT - 58.0;
/// Of the palette; a name keeps its colour by its place among the names.
pub(super) const COLOURS: [&str; 8] =
    ["--cold1", "--warm2", "--warm1", "--cold3", "--warm3", "--cold2", "--warm5", "--cold4"];
/// Of the colours of names over the paper: so that the name in a cell can be read in light and in dark.
pub(super) const OPACITY: f64 = 0.4;
const LINE: f64 = 20.0;
/// Mean width of a character.
const CHARACTER: f64 = 7.5;

/// A map.
pub struct Heat {
    /// What it shows.
    pub title: String,
    /// What columns are, with the unit.
    pub x_label: String,
    /// What rows are, with the unit.
    pub y_label: String,
    /// What the colour is.
    pub value_label: String,
    /// From left to right.
    pub columns: Vec<String>,
    /// From bottom to top.
    pub rows: Vec<String>,
    /// What is shown.
    pub cells: Cells,
}

/// Values by row, then column.
pub enum Cells {
    /// NaN where nothing is known.
    Numbers(Vec<Vec<f64>>),
    /// Positions in the names.
    Names {
        /// All names there are, in the order of the legend.
        names: Vec<String>,
        /// The name of each cell, if it has one.
        cells: Vec<Vec<Option<usize>>>,
    },
}

impl Heat {
    /// The map as SVG with colours as CSS variables.
    pub fn svg(&self) -> String {
        let mut body = String::new();
        let _ = write!(
            body,
            r#"<text x="{}" y="24" text-anchor="middle" font-size="15" font-weight="bold">{}</text>"#,
            (LEFT + RIGHT) / 2.0,
            escaped(&self.title)
        );
        let (width, height) =
            ((RIGHT - LEFT) / self.columns.len().max(1) as f64, (BOTTOM - TOP) / self.rows.len().max(1) as f64);
        for row in 0..self.rows.len() {
            for column in 0..self.columns.len() {
                let at = [LEFT + width * column as f64, BOTTOM - height * (row + 1) as f64, width, height];
                self.cell(&mut body, (row, column), at);
            }
        }
        self.axes(&mut body, width, height);
        match &self.cells {
            Cells::Numbers(values) => self.scale(&mut body, range(values)),
            Cells::Names { names, .. } => self.names(&mut body, names),
        }
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{}" font-family="sans-serif" font-size="13" fill="var(--ink)">{body}</svg>"#,
            escaped(&self.title)
        )
    }

    fn cell(&self, out: &mut String, (row, column): (usize, usize), [x, y, w, h]: [f64; 4]) {
        let (fill, shown, inside) = match &self.cells {
            Cells::Numbers(values) => {
                let value = values[row][column];
                let inside = if value.is_finite() { "" } else { NOTHING };
                (shade(value, range(values)), told(value), inside.to_owned())
            }
            Cells::Names { names, cells } => match cells[row][column] {
                Some(name) => (colour(name), names[name].clone(), names[name].clone()),
                None => (UNKNOWN.to_owned(), "none".to_owned(), NOTHING.to_owned()),
            },
        };
        let (of_y, of_x) = (&self.rows[row], &self.columns[column]);
        let hover = format!("{} {of_y}, {} {of_x}: {} {shown}", self.y_label, self.x_label, self.value_label);
        let _ = write!(
            out,
            r#"<g><title>{}</title><rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" stroke="var(--grid)" stroke-width="0.5" {fill}/>"#,
            escaped(&hover)
        );
        if !inside.is_empty() && h >= 15.0 && w >= CHARACTER * inside.chars().count() as f64 {
            text(out, x + w / 2.0, y + h / 2.0 + 4.5, "middle", &inside);
        }
        out.push_str("</g>");
    }

    fn axes(&self, out: &mut String, width: f64, height: f64) {
        let longest = self.columns.iter().map(|label| label.chars().count()).max().unwrap_or(0) as f64;
        let every = ((CHARACTER * longest + 8.0) / width).ceil().max(1.0) as usize;
        for (column, label) in self.columns.iter().enumerate().step_by(every) {
            text(out, LEFT + width * (column as f64 + 0.5), BOTTOM + 18.0, "middle", label);
        }
        let every = (16.0 / height).ceil().max(1.0) as usize;
        for (row, label) in self.rows.iter().enumerate().step_by(every) {
            text(out, LEFT - 7.0, BOTTOM - height * (row as f64 + 0.5) + 4.5, "end", label);
        }
        let (w, h) = (RIGHT - LEFT, BOTTOM - TOP);
        let _ = write!(out, r#"<rect x="{LEFT}" y="{TOP}" width="{w}" height="{h}" fill="none" stroke="var(--ink)"/>"#);
        text(out, (LEFT + RIGHT) / 2.0, BOTTOM + 42.0, "middle", &self.x_label);
        let middle = (TOP + BOTTOM) / 2.0;
        let _ = write!(
            out,
            r#"<text transform="translate(18 {middle:.1}) rotate(-90)" text-anchor="middle">{}</text>"#,
            escaped(&self.y_label)
        );
    }

    fn scale(&self, out: &mut String, (low, high): (f64, f64)) {
        const STEPS: usize = 32;
        let height = (BOTTOM - TOP) / STEPS as f64;
        let x = RIGHT + 18.0;
        for step in 0..STEPS {
            let value = high - (high - low) * (step as f64 + 0.5) / STEPS as f64;
            let (y, fill) = (TOP + height * step as f64, shade(value, (low, high)));
            let _ = write!(out, r#"<rect x="{x:.1}" y="{y:.1}" width="14" height="{:.1}" {fill}/>"#, height + 0.3);
        }
        for (value, y) in [(high, TOP), ((low + high) / 2.0, (TOP + BOTTOM) / 2.0), (low, BOTTOM)] {
            text(out, x + 19.0, y + 4.5, "start", &told(value));
        }
        text(out, x - 4.0, TOP - 16.0, "start", &self.value_label);
    }

    fn names(&self, out: &mut String, names: &[String]) {
        text(out, RIGHT + 14.0, TOP - 16.0, "start", &self.value_label);
        for (k, name) in names.iter().enumerate() {
            let y = TOP + LINE * k as f64;
            let fill = colour(k);
            let _ = write!(out, r#"<rect x="{:.1}" y="{y:.1}" width="14" height="14" {fill}/>"#, RIGHT + 14.0);
            text(out, RIGHT + 34.0, y + 12.0, "start", name);
        }
    }
}

fn colour(name: usize) -> String {
    format!(r#"fill="var({})" fill-opacity="{OPACITY}""#, COLOURS[name % COLOURS.len()])
}

/// The smallest and the largest number; 0 to 1 if there is none.
fn range(values: &[Vec<f64>]) -> (f64, f64) {
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    match low <= high {
        true if high > low => (low, high),
        true => (low, low + 1.0),
        false => (0.0, 1.0),
    }
}

/// Opacity over the paper, so that it suits light and dark.
fn shade(value: f64, (low, high): (f64, f64)) -> String {
    if !value.is_finite() {
        return UNKNOWN.into();
    }
    format!(r#"fill="var(--minus)" fill-opacity="{:.3}""#, 0.04 + 0.92 * (value - low) / (high - low))
}

#[cfg(test)]
mod tests {
    use super::super::standalone;
    use super::*;

    #[test]
    fn numbers_and_names_are_drawn_with_their_axes() {
        let heat = |cells| Heat {
            title: "a < b".into(),
            x_label: "g".into(),
            y_label: "eta".into(),
            value_label: "rate (Hz)".into(),
            columns: vec!["3".into(), "4".into()],
            rows: vec!["1".into()],
            cells,
        };
        let names = Cells::Names { names: vec!["AI".into(), "SR".into()], cells: vec![vec![Some(1), None]] };
        for cells in [Cells::Numbers(vec![vec![1.0, f64::NAN]]), names] {
            let svg = standalone(&heat(cells).svg());
            assert!(svg.contains("a &lt; b") && svg.contains("eta") && svg.contains("rate (Hz)"), "{svg}");
            assert!(!svg.contains("var("), "a colour without a light value: {svg}");
            assert!(svg.contains(NOTHING), "a cell of which nothing is known is marked: {svg}");
            crate::raster::png(&svg).unwrap();
        }
    }
}
