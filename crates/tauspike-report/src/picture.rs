//! Draws figures as SVG: panels in two columns, and one legend for all of them below.
//!
//! Colours are CSS variables, so that a page can show a figure in light and in dark. [`standalone`] puts the light colours in
//! their place, for files and for the PNG. Every point tells its numbers in a `<title>`, which browsers show on hover.
//!
//! | module | draws |
//! |---|---|
//! | [`lines`] | lines, dots and levels over an axis of numbers |
//! | [`map`] | a number for each pair of categories, as colour |
//! | [`heat`] | a map on its own: shades of numbers, or colours of names |
//! | [`forest`] | numbers with intervals, one row each |
//! | [`axis`] | which numbers stand at an axis |
//! | [`palette`] | the colours, light and dark |

pub mod axis;
pub mod forest;
pub mod heat;
pub mod lines;
pub mod map;
pub mod palette;

pub use axis::Axis;
pub use forest::{Forest, Row};
pub use lines::{Lines, Point, Series, Style};
pub use map::Map;
pub use palette::standalone;
use std::fmt::Write;

/// Width of a panel, with its labels.
pub const WIDTH: f64 = 470.0;
/// Height of a panel, with its labels.
pub const HEIGHT: f64 = 330.0;
const COLUMNS: usize = 2;
const LEGEND_ROW: f64 = 20.0;
/// Mean width of a character of the legend.
const CHARACTER: f64 = 7.7;

/// A picture with its words.
pub struct Figure {
    /// Name of its files.
    pub name: &'static str,
    /// What it shows.
    pub title: String,
    /// How it is to be read, in a sentence or two.
    pub caption: String,
    /// Its parts.
    pub panels: Vec<Panel>,
}

/// One part of a figure.
pub enum Panel {
    /// Over an axis of numbers.
    Lines(Lines),
    /// Over two axes of categories.
    Map(Map),
    /// One row for each category.
    Forest(Forest),
}

impl Panel {
    fn draw(&self, out: &mut String) {
        match self {
            Panel::Lines(lines) => lines.draw(out),
            Panel::Map(map) => map.draw(out),
            Panel::Forest(forest) => forest.draw(out),
        }
    }

    fn height(&self) -> f64 {
        match self {
            Panel::Forest(forest) => forest.height(),
            _ => HEIGHT,
        }
    }

    /// What the legend has to say about it.
    fn keys(&self) -> Vec<&Series> {
        match self {
            Panel::Lines(lines) => lines.series.iter().collect(),
            _ => Vec::new(),
        }
    }
}

impl Figure {
    /// The figure as SVG with colours as CSS variables.
    pub fn svg(&self) -> String {
        let columns = self.panels.len().clamp(1, COLUMNS);
        let width = WIDTH * columns as f64;
        let mut body = String::new();
        let mut top = 0.0;
        for row in self.panels.chunks(columns) {
            for (column, panel) in row.iter().enumerate() {
                let _ = write!(body, r#"<g transform="translate({} {top})">"#, WIDTH * column as f64);
                panel.draw(&mut body);
                body.push_str("</g>");
            }
            top += row.iter().map(Panel::height).fold(0.0, f64::max);
        }
        let height = top + self.legend(&mut body, width, top);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{}" font-family="sans-serif" font-size="12" fill="var(--ink)">{body}</svg>"#,
            escaped(&self.title)
        )
    }

    /// Draws the keys of all panels, each once, in rows; returns the height it took.
    fn legend(&self, out: &mut String, width: f64, top: f64) -> f64 {
        let mut keys: Vec<&Series> = Vec::new();
        for series in self.panels.iter().flat_map(Panel::keys) {
            if !keys.iter().any(|key| key.label == series.label) {
                keys.push(series);
            }
        }
        if keys.is_empty() {
            return 0.0;
        }
        let (mut x, mut y) = (20.0, top + 14.0);
        for key in keys {
            let needed = 48.0 + CHARACTER * key.label.chars().count() as f64;
            if x + needed > width - 10.0 && x > 20.0 {
                (x, y) = (20.0, y + LEGEND_ROW);
            }
            lines::key(key, x, y, out);
            text(out, x + 28.0, y + 4.0, "start", &key.label);
            x += needed;
        }
        y + LEGEND_ROW - top
    }
}

/// Of a cell of a map of which nothing is known: no shade of a value.
const UNKNOWN: &str = r#"fill="var(--grid)""#;
/// What stands in it.
const NOTHING: &str = "\u{2013}";

/// Writes a text element; `anchor` is start, middle or end.
fn text(out: &mut String, x: f64, y: f64, anchor: &str, label: &str) {
    let _ = write!(out, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{}</text>"#, escaped(label));
}

/// Writes the title of a panel.
fn heading(out: &mut String, label: &str) {
    let _ = write!(
        out,
        r#"<text x="{}" y="20" text-anchor="middle" font-size="14" font-weight="bold">{}</text>"#,
        WIDTH / 2.0,
        escaped(label)
    );
}

/// Writes a vertical axis label at the left edge.
fn upright(out: &mut String, middle: f64, label: &str) {
    let _ = write!(
        out,
        r#"<text transform="translate(14 {middle:.1}) rotate(-90)" text-anchor="middle">{}</text>"#,
        escaped(label)
    );
}

/// Text with the characters that XML and HTML give a meaning to replaced.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A number with as many digits as a reader can use.
pub fn told(value: f64) -> String {
    match value.abs() {
        _ if value.is_nan() => "unknown".into(),
        _ if value.is_infinite() => if value > 0.0 { "∞" } else { "-∞" }.into(),
        0.0 => "0".into(),
        size if !(1e-3..1e5).contains(&size) => format!("{value:.2e}"),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_they_need() {
        assert_eq!(
            [0.0, 0.1234, 3.2149, 25.04, 812.4, 3.2e7, 1e-5].map(told),
            ["0", "0.123", "3.21", "25.0", "812", "3.20e7", "1.00e-5"]
        );
    }

    #[test]
    fn a_figure_is_read_by_the_rasteriser_and_names_its_axes_units_and_series() {
        let series = Series {
            label: "a < b".into(),
            colour: "--warm1".into(),
            style: Style::Line,
            points: vec![Point { x: 1.0, y: 0.2, low: 0.1, high: 0.3, note: "n = 3".into() }],
        };
        let lines = Lines { title: "LI".into(), x: Axis::new("tau (ms)"), y: Axis::new("score"), series: vec![series] };
        let map = Map {
            title: "map".into(),
            x_label: "shift (ms)".into(),
            y_label: "degree".into(),
            value_label: "gain".into(),
            columns: vec!["-5".into(), "5".into()],
            rows: vec!["1".into()],
            values: vec![vec![0.1, f64::NAN]],
            range: [0.0, 0.1],
        };
        let rows = vec![Row { label: "with".into(), value: 0.1, low: 0.0, high: 0.2 }];
        let forest = Forest { title: "f".into(), x_label: "gain".into(), rows };
        let panels = vec![Panel::Lines(lines), Panel::Map(map), Panel::Forest(forest)];
        let figure = Figure { name: "x", title: "X".into(), caption: String::new(), panels };
        let svg = standalone(&figure.svg());
        assert!(!svg.contains("var("), "a colour without a light value: {svg}");
        for needed in ["a &lt; b", "tau (ms)", "shift (ms)", "degree", "gain", "<title>"] {
            assert!(svg.contains(needed), "{needed}");
        }
        crate::raster::png(&svg).unwrap();
    }
}
