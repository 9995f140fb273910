//! Numbers with intervals, one row each, beside a line at 0.

use super::axis::Scale;
use super::{WIDTH, escaped, heading, text, told};
use std::fmt::Write;

const LEFT: f64 = 214.0;
const RIGHT: f64 = WIDTH - 16.0;
const TOP: f64 = 34.0;
const ROW: f64 = 24.0;
const BELOW: f64 = 52.0;
/// Characters that fit beside the axis.
const MOST_CHARACTERS: usize = 30;

/// A panel.
pub struct Forest {
    /// What sets it apart from the other panels.
    pub title: String,
    /// What is measured, with its unit.
    pub x_label: String,
    /// From top to bottom.
    pub rows: Vec<Row>,
}

/// One number.
pub struct Row {
    /// What it is.
    pub label: String,
    /// The number.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
}

impl Forest {
    pub(super) fn height(&self) -> f64 {
        TOP + ROW * self.rows.len() as f64 + BELOW
    }

    pub(super) fn draw(&self, out: &mut String) {
        heading(out, &self.title);
        let ends = self.rows.iter().flat_map(|row| [row.low, row.high, row.value]).chain([0.0]);
        let x = Scale::over(ends, LEFT..RIGHT, false);
        let bottom = TOP + ROW * self.rows.len() as f64;
        for (at, label) in x.ticks(5) {
            let _ = write!(out, r#"<path d="M{at:.1} {TOP}V{bottom}" stroke="var(--grid)"/>"#);
            text(out, at, bottom + 17.0, "middle", &label);
        }
        let (left, right) = x.ends();
        let _ =
            write!(out, r#"<path d="M{:.1} {TOP}V{bottom}M{left} {bottom}H{right}" stroke="var(--ink)"/>"#, x.at(0.0));
        for (k, row) in self.rows.iter().enumerate() {
            let y = TOP + ROW * (k as f64 + 0.5);
            let hover = format!("{}: {} (95 %: {} to {})", row.label, told(row.value), told(row.low), told(row.high));
            let _ = write!(
                out,
                r#"<g><title>{}</title><path d="M{:.1} {y}H{:.1}" stroke="var(--warm1)" stroke-width="2"/><circle cx="{:.1}" cy="{y}" r="4" fill="var(--warm1)"/></g>"#,
                escaped(&hover),
                x.at(row.low),
                x.at(row.high),
                x.at(row.value)
            );
            text(out, LEFT - 8.0, y + 4.0, "end", &shortened(&row.label));
        }
        text(out, (LEFT + RIGHT) / 2.0, bottom + 38.0, "middle", &self.x_label);
    }
}

fn shortened(label: &str) -> String {
    if label.chars().count() <= MOST_CHARACTERS {
        return label.to_owned();
    }
    label.chars().take(MOST_CHARACTERS - 1).chain(['…']).collect()
}
