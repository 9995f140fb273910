//! A number for each pair of categories, as colour: warm above 0, cold below, paper at 0 or where nothing is known.

use super::{HEIGHT, WIDTH, escaped, heading, text, told, upright};
use std::fmt::Write;

const LEFT: f64 = 74.0;
const RIGHT: f64 = WIDTH - 76.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = HEIGHT - 52.0;
/// Narrower cells have no number in them.
const ROOM_FOR_NUMBER: f64 = 34.0;

/// A panel.
pub struct Map {
    /// What sets it apart from the other panels.
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
    /// Values by row, then column; NaN where nothing is known.
    pub values: Vec<Vec<f64>>,
}

impl Map {
    pub(super) fn draw(&self, out: &mut String) {
        heading(out, &self.title);
        let known = self.values.iter().flatten().copied().filter(|value| value.is_finite());
        let most = known.map(f64::abs).fold(1e-12, f64::max);
        let width = (RIGHT - LEFT) / self.columns.len() as f64;
        let height = (BOTTOM - TOP) / self.rows.len() as f64;
        for (row, values) in self.values.iter().enumerate() {
            let y = BOTTOM - height * (row + 1) as f64;
            for (column, &value) in values.iter().enumerate() {
                self.cell(out, (row, column), value, most, [LEFT + width * column as f64, y, width, height]);
            }
            text(out, LEFT - 6.0, y + height / 2.0 + 4.0, "end", &self.rows[row]);
        }
        let longest = self.columns.iter().map(String::len).max().unwrap_or(0) as f64;
        let every = ((7.0 * longest + 8.0) / width).ceil() as usize;
        for (column, label) in self.columns.iter().enumerate().step_by(every.max(1)) {
            text(out, LEFT + width * (column as f64 + 0.5), BOTTOM + 17.0, "middle", label);
        }
        let _ = write!(
            out,
            r#"<rect x="{LEFT}" y="{TOP}" width="{}" height="{}" fill="none" stroke="var(--ink)"/>"#,
            RIGHT - LEFT,
            BOTTOM - TOP
        );
        text(out, (LEFT + RIGHT) / 2.0, BOTTOM + 38.0, "middle", &self.x_label);
        upright(out, (TOP + BOTTOM) / 2.0, &self.y_label);
        self.scale(out, most);
    }

    fn cell(&self, out: &mut String, (row, column): (usize, usize), value: f64, most: f64, [x, y, w, h]: [f64; 4]) {
        let hover = format!(
            "{} {}, {} {}: {} {}",
            self.y_label,
            self.rows[row],
            self.x_label,
            self.columns[column],
            self.value_label,
            told(value)
        );
        let _ = write!(out, "<g><title>{}</title>", escaped(&hover));
        let _ = write!(
            out,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" stroke="var(--grid)" {}/>"#,
            shade(value, most)
        );
        if w >= ROOM_FOR_NUMBER && h >= 16.0 && value.is_finite() {
            // + 0.0: no "-0.00"
            let shown = (value * 100.0).round() / 100.0 + 0.0;
            text(out, x + w / 2.0, y + h / 2.0 + 4.0, "middle", &format!("{shown:.2}"));
        }
        out.push_str("</g>");
    }

    fn scale(&self, out: &mut String, most: f64) {
        const STEPS: usize = 16;
        let height = (BOTTOM - TOP) / STEPS as f64;
        let x = RIGHT + 14.0;
        for step in 0..STEPS {
            let value = most * (1.0 - 2.0 * (step as f64 + 0.5) / STEPS as f64);
            let y = TOP + height * step as f64;
            let _ = write!(
                out,
                r#"<rect x="{x:.1}" y="{y:.1}" width="12" height="{:.1}" {}/>"#,
                height + 0.3,
                shade(value, most)
            );
        }
        for (value, y) in [(most, TOP), (0.0, (TOP + BOTTOM) / 2.0), (-most, BOTTOM)] {
            text(out, x + 16.0, y + 4.0, "start", &told(value));
        }
        text(out, RIGHT + 34.0, TOP - 12.0, "middle", &self.value_label);
    }
}

/// Opacity over the paper, so that it suits light and dark.
fn shade(value: f64, most: f64) -> String {
    if !value.is_finite() {
        return r#"fill="none""#.into();
    }
    let colour = if value < 0.0 { "--minus" } else { "--plus" };
    format!(r#"fill="var({colour})" fill-opacity="{:.3}""#, 0.85 * (value.abs() / most).min(1.0))
}
