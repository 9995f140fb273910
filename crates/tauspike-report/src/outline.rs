//! Text of an SVG as outlines of a font of our own: it looks the same on every machine, and the rasteriser need know nothing of fonts.
//!
//! One line for each `<text>`, left to right, with the kerning of the font, without ligatures. Family and slant are not looked at.

use roxmltree::{Document, Node};
use std::error::Error;
use std::fmt::Write;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// What of a `<text>` is in its outline already. A path needs every other attribute as it is: colour, opacity, transform.
const OF_TEXT: [&str; 9] =
    ["x", "y", "dx", "dy", "text-anchor", "font-family", "font-size", "font-weight", "font-style"];

/// `svg` with a `<path>` in place of each `<text>`. A character that the font does not have is a box.
///
/// # Errors
/// If it is not XML, or a length is none of those that the pictures here use.
pub fn outlined(svg: &str) -> Result<String, Box<dyn Error>> {
    let face = Face::parse(dejavu::sans::regular(), 0)?;
    let document = Document::parse(svg)?;
    let mut out = String::with_capacity(2 * svg.len());
    let mut end = 0;
    for text in document.descendants().filter(|node| node.has_tag_name("text")) {
        out.push_str(&svg[end..text.range().start]);
        end = text.range().end;
        write_path(&mut out, svg, text, &face)?;
    }
    out.push_str(&svg[end..]);
    Ok(out)
}

fn write_path(out: &mut String, svg: &str, text: Node, face: &Face) -> Result<(), Box<dyn Error>> {
    let size = length(text, "font-size", inherited(text, "font-size").unwrap_or("16"), 1.0)?;
    let at = |name| text.attribute(name).map_or(Ok(0.0), |value| length(text, name, value, size));
    let (x, y) = (at("x")? + at("dx")?, at("y")? + at("dy")?);
    let words: Vec<&str> = text.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect();
    let line = words.concat().split_whitespace().collect::<Vec<_>>().join(" ");
    let (glyphs, width) = placed(&line, face);
    let scale = size / f32::from(face.units_per_em());
    let shift = match inherited(text, "text-anchor") {
        Some("middle") => width / 2.0,
        Some("end") => width,
        _ => 0.0,
    };
    out.push_str("<path d=\"");
    for (glyph, advanced) in glyphs {
        let mut outline = Outline { out, scale, x: x + (advanced - shift) * scale, y };
        face.outline_glyph(glyph, &mut outline);
    }
    out.push('"');
    for attribute in text.attributes().filter(|attribute| !OF_TEXT.contains(&attribute.name())) {
        write!(out, " {}", &svg[attribute.range()])?;
    }
    if inherited(text, "font-weight") == Some("bold") {
        // Strokes of the colour of the text make the one font that there is a bold one.
        let colour = inherited(text, "fill").unwrap_or("black");
        write!(out, r#" stroke="{colour}" stroke-width="{:.2}""#, size / 20.0)?;
    }
    out.push_str("/>");
    Ok(())
}

/// The glyphs of a line, each with how far from the begin it stands, and the width of all, in units of the font.
fn placed(line: &str, face: &Face) -> (Vec<(GlyphId, f32)>, f32) {
    // Glyph 0 is the box of a character that a font does not have.
    let glyphs: Vec<GlyphId> = line.chars().map(|c| face.glyph_index(c).unwrap_or(GlyphId(0))).collect();
    let mut width = 0.0;
    let mut before = None;
    let mut placed = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        width += before.map_or(0.0, |before| kerning(face, before, glyph));
        placed.push((glyph, width));
        width += f32::from(face.glyph_hor_advance(glyph).unwrap_or(0));
        before = Some(glyph);
    }
    (placed, width)
}

fn kerning(face: &Face, left: GlyphId, right: GlyphId) -> f32 {
    let tables = face.tables().kern.into_iter().flat_map(|kern| kern.subtables);
    let mut plain = tables.filter(|table| table.horizontal && !table.variable);
    plain.find_map(|table| table.glyphs_kerning(left, right)).map_or(0.0, f32::from)
}

/// An attribute of `node`, or of the nearest around it that has it.
fn inherited<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.ancestors().find_map(|node| node.attribute(name))
}

/// A number, alone or in px, em or ex, where `em` is the size of the font.
fn length(node: Node, name: &str, value: &str, em: f32) -> Result<f32, Box<dyn Error>> {
    let (number, unit) = match value {
        _ if value.ends_with("em") => (&value[..value.len() - 2], em),
        _ if value.ends_with("ex") => (&value[..value.len() - 2], em / 2.0),
        _ => (value.strip_suffix("px").unwrap_or(value), 1.0),
    };
    let refused = |_| {
        let text = node.text().unwrap_or_default().trim();
        format!("text \"{text}\": {name} = {value:?}, allowed: a number, alone or in px, em or ex")
    };
    Ok(number.trim().parse::<f32>().map_err(refused)? * unit)
}

/// Writes outlines as data of a path; the font counts upwards, SVG downwards.
struct Outline<'a> {
    out: &'a mut String,
    scale: f32,
    x: f32,
    y: f32,
}

impl Outline<'_> {
    fn write<const N: usize>(&mut self, command: char, points: [(f32, f32); N]) {
        self.out.push(command);
        for (x, y) in points {
            let _ = write!(self.out, "{:.3} {:.3} ", self.x + x * self.scale, self.y - y * self.scale);
        }
    }
}

impl OutlineBuilder for Outline<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.write('M', [(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.write('L', [(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.write('Q', [(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.write('C', [(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.out.push('Z');
    }
}
