//! Lines, dots and levels over an axis of numbers, with intervals.

use super::axis::{Axis, Scale};
use super::{HEIGHT, WIDTH, escaped, heading, text, told, upright};
use std::fmt::Write;

const LEFT: f64 = 74.0;
const RIGHT: f64 = WIDTH - 16.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = HEIGHT - 52.0;

/// A panel.
pub struct Lines {
    /// What sets it apart from the other panels.
    pub title: String,
    /// Horizontal.
    pub x: Axis,
    /// Vertical.
    pub y: Axis,
    /// What is drawn, the first at the bottom.
    pub series: Vec<Series>,
}

/// Points that belong together.
pub struct Series {
    /// What they are, for the legend.
    pub label: String,
    /// A colour of the palette.
    pub colour: String,
    /// How they are drawn.
    pub style: Style,
    /// From left to right.
    pub points: Vec<Point>,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Markers with intervals, joined.
    Line,
    /// Small markers, not joined.
    Dots,
    /// One point: a level over the whole width with its band, whatever its x.
    Level,
}

/// One value.
pub struct Point {
    /// Position.
    pub x: f64,
    /// Value.
    pub y: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// What else is told on hover.
    pub note: String,
}

impl Lines {
    pub(super) fn draw(&self, out: &mut String) {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let placed = self.series.iter().filter(|series| series.style != Style::Level).flat_map(|series| &series.points);
        let shared = |axis: &Axis| axis.shared.into_iter().flatten();
        let x = Scale::over(placed.map(|point| point.x).chain(shared(&self.x)), LEFT..RIGHT, self.x.log);
        let ends = points().flat_map(|p| [p.y, p.low, p.high]);
        let y = Scale::over(ends.chain(shared(&self.y)), BOTTOM..TOP, self.y.log);
        heading(out, &self.title);
        self.frame(&x, &y, out);
        for series in &self.series {
            match series.style {
                Style::Level => self.level(series, &y, out),
                _ => self.points(series, &x, &y, out),
            }
        }
    }

    fn frame(&self, x: &Scale, y: &Scale, out: &mut String) {
        for (at, label) in x.ticks(6) {
            let _ = write!(out, r#"<path d="M{at:.1} {TOP}V{BOTTOM}" stroke="var(--grid)"/>"#);
            text(out, at, BOTTOM + 17.0, "middle", &label);
        }
        for (at, label) in y.ticks(6) {
            let _ = write!(out, r#"<path d="M{LEFT} {at:.1}H{RIGHT}" stroke="var(--grid)"/>"#);
            text(out, LEFT - 6.0, at + 4.0, "end", &label);
        }
        // What lies on either side of 0 differs in kind.
        let zero = y.at(0.0);
        if !self.y.log && (TOP..BOTTOM).contains(&zero) {
            let _ = write!(out, r#"<path d="M{LEFT} {zero:.1}H{RIGHT}" stroke="var(--soft)"/>"#);
        }
        let _ = write!(out, r#"<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" stroke="var(--ink)" fill="none"/>"#);
        text(out, (LEFT + RIGHT) / 2.0, BOTTOM + 38.0, "middle", &self.x.label);
        upright(out, (TOP + BOTTOM) / 2.0, &self.y.label);
    }

    fn level(&self, series: &Series, y: &Scale, out: &mut String) {
        let colour = &series.colour;
        for point in &series.points {
            let (high, low, middle) = (y.at(point.high), y.at(point.low), y.at(point.y));
            let _ = write!(
                out,
                r#"<g>{}<rect x="{LEFT}" y="{high:.1}" width="{}" height="{:.1}" fill="var({colour})" fill-opacity="0.12"/><path d="M{LEFT} {middle:.1}H{RIGHT}" stroke="var({colour})" stroke-width="2" stroke-dasharray="6 4"/></g>"#,
                self.hover(series, point),
                RIGHT - LEFT,
                (low - high).max(0.0),
            );
        }
    }

    fn points(&self, series: &Series, x: &Scale, y: &Scale, out: &mut String) {
        let colour = &series.colour;
        let at: Vec<(f64, f64, &Point)> =
            series.points.iter().map(|point| (x.at(point.x), y.at(point.y), point)).collect();
        if series.style == Style::Line {
            let path: Vec<String> = at.iter().map(|(x, y, _)| format!("{x:.1} {y:.1}")).collect();
            let _ =
                write!(out, r#"<path d="M{}" stroke="var({colour})" stroke-width="2" fill="none"/>"#, path.join("L"));
        }
        for (px, py, point) in at {
            let _ = write!(out, "<g>{}", self.hover(series, point));
            let (high, low) = (y.at(point.high), y.at(point.low));
            if series.style == Style::Line && (low - high).abs() > 0.5 {
                let _ = write!(
                    out,
                    r#"<path d="M{px:.1} {low:.1}V{high:.1}M{:.1} {low:.1}h6M{:.1} {high:.1}h6" stroke="var({colour})"/>"#,
                    px - 3.0,
                    px - 3.0
                );
            }
            marker(series, px, py, out);
            out.push_str("</g>");
        }
    }

    fn hover(&self, series: &Series, point: &Point) -> String {
        let interval = if point.low < point.high {
            format!(" (95 %: {} to {})", told(point.low), told(point.high))
        } else {
            String::new()
        };
        let place = match series.style {
            Style::Level => String::new(),
            _ => format!("{}: {}; ", self.x.label, told(point.x)),
        };
        let line = format!("{}: {place}{}: {}{interval} {}", series.label, self.y.label, told(point.y), point.note);
        format!("<title>{}</title>", escaped(line.trim()))
    }
}

/// The shape tells apart what colour may not, and cold colours, whose shapes are those of warm ones, are hollow.
fn marker(series: &Series, x: f64, y: f64, out: &mut String) {
    let colour = &series.colour;
    let last = colour.bytes().last().unwrap_or_default() % 4;
    let (size, opacity) = if series.style == Style::Dots { (2.4, 0.55) } else { (3.6, 1.0) };
    let hollow = format!(r#"stroke="var({colour})" stroke-width="1.5" stroke-opacity="{opacity}""#);
    let fill = match (colour.starts_with("--cold"), series.style) {
        // A line behind does not show; dots do not hide one another.
        (true, Style::Dots) => format!(r#"{hollow} fill="none""#),
        (true, _) => format!(r#"{hollow} fill="var(--paper)""#),
        (false, _) => format!(r#"fill="var({colour})" fill-opacity="{opacity}""#),
    };
    let _ = match last {
        1 => write!(out, r#"<circle cx="{x:.1}" cy="{y:.1}" r="{size}" {fill}/>"#),
        2 => write!(
            out,
            r#"<rect x="{:.1}" y="{:.1}" width="{}" height="{}" {fill}/>"#,
            x - size,
            y - size,
            2.0 * size,
            2.0 * size
        ),
        3 => write!(out, r#"<path d="M{x:.1} {:.1}l{size} {}h-{}z" {fill}/>"#, y - size, 2.0 * size, 2.0 * size),
        _ => write!(out, r#"<path d="M{x:.1} {:.1}l{size} {size}l-{size} {size}l-{size} -{size}z" {fill}/>"#, y - size),
    };
}

/// Draws how a series looks, 22 wide, for the legend.
pub(super) fn key(series: &Series, x: f64, y: f64, out: &mut String) {
    let colour = &series.colour;
    let dash = if series.style == Style::Level { r#" stroke-dasharray="6 4""# } else { "" };
    if series.style != Style::Dots {
        let _ = write!(out, r#"<path d="M{x:.1} {y:.1}h22" stroke="var({colour})" stroke-width="2"{dash}/>"#);
    }
    if series.style != Style::Level {
        marker(series, x + 11.0, y, out);
    }
}
