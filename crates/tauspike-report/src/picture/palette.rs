//! The colours: one table, from which come the style of the page and the colours of files.
//!
//! Profiles keep their colour in all figures. Those skewed to the right are warm, others are cold, homogeneous is the colour of
//! text; within each kind they differ also in lightness, and lines differ in their markers too: those of cold profiles are hollow.

use std::fmt::Write;

/// Name of the CSS variable, light and dark value.
const COLOURS: [(&str, &str, &str); 17] = [
    ("--paper", "#ffffff", "#16181c"),
    ("--ink", "#22262b", "#e4e6ea"),
    ("--soft", "#5d6570", "#a4abb6"),
    ("--grid", "#dfe2e6", "#343941"),
    ("--plus", "#d55e00", "#f08a3c"),
    ("--minus", "#0072b2", "#58a6e0"),
    ("--cold1", "#0072b2", "#4d9fdb"),
    ("--cold2", "#56b4e9", "#8fd0f7"),
    ("--cold3", "#009e73", "#35c99b"),
    ("--cold4", "#5b5bb8", "#9c9cf0"),
    ("--warm1", "#d55e00", "#f08a3c"),
    ("--warm2", "#e69f00", "#f5c04a"),
    ("--warm3", "#cc5fa0", "#ea97c9"),
    ("--warm4", "#9b2226", "#e0686c"),
    ("--warm5", "#7f5f2f", "#c9a66b"),
    ("--good", "#1a7f4b", "#4cc38a"),
    ("--bad", "#b3261e", "#f2857d"),
];

const PROFILES: [(&str, &str); 14] = [
    ("homogeneous", "--ink"),
    ("arcsine", "--cold1"),
    ("log_uniform", "--warm4"),
    ("mirrored_lognormal", "--cold1"),
    ("mirrored_gamma", "--cold2"),
    ("left_skewed_beta", "--cold2"),
    ("beta", "--cold2"),
    ("normal", "--cold3"),
    ("uniform", "--cold4"),
    ("lognormal", "--warm3"),
    ("gamma", "--warm2"),
    ("inverse_gaussian", "--warm4"),
    ("inverse_gamma", "--warm5"),
    ("two_point", "--warm5"),
];

/// The colour of the arm that a report follows.
pub const REFERENCE: &str = "--warm1";

/// The colour of a profile; one that a user named gets one of the others, by its name. Hyphens and spaces are as underscores.
pub fn of_profile(name: &str) -> &'static str {
    let name = name.replace(['-', ' '], "_");
    let named = PROFILES.iter().find(|(profile, _)| *profile == name);
    let other = || PROFILES[1 + name.bytes().map(usize::from).sum::<usize>() % (PROFILES.len() - 1)].1;
    named.map_or_else(other, |(_, colour)| colour)
}

/// The variables of the page, for light and dark.
pub fn css() -> String {
    let mut light = String::new();
    let mut dark = String::new();
    for (name, on_light, on_dark) in COLOURS {
        let _ = write!(light, "{name}:{on_light};");
        let _ = write!(dark, "{name}:{on_dark};");
    }
    format!(":root{{color-scheme:light dark;{light}}}\n@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n")
}

/// An SVG on its own: light colours in place of variables, on paper.
pub fn standalone(svg: &str) -> String {
    let mut svg = svg.replacen('>', r#"><rect width="100%" height="100%" fill="var(--paper)"/>"#, 1);
    for (name, light, _) in COLOURS {
        svg = svg.replace(&format!("var({name})"), light);
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::super::heat;
    use super::*;

    /// Red, green and blue, 0 to 1.
    fn channels(colour: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0)
    }

    /// Contrast of WCAG 2.2 between two colours.
    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let luminance = |colour: [f64; 3]| {
            let linear =
                |value: f64| if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
            let [red, green, blue] = colour.map(linear);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (x, y) = (luminance(a), luminance(b));
        (x.max(y) + 0.05) / (x.min(y) + 0.05)
    }

    #[test]
    fn text_is_readable_in_light_and_dark() {
        let (_, light, dark) = COLOURS[0];
        for (name, on_light, on_dark) in COLOURS {
            if ["--ink", "--soft", "--good", "--bad"].contains(&name) {
                let contrast = |a, b| contrast(channels(a), channels(b));
                assert!(contrast(on_light, light) > 4.5 && contrast(on_dark, dark) > 4.5, "{name}");
            }
        }
    }

    #[test]
    fn a_name_in_a_cell_of_a_map_is_readable_in_light_and_dark() {
        let themes = [|(_, light, _): (_, _, _)| channels(light), |(_, _, dark): (_, _, _)| channels(dark)];
        for colour in heat::COLOURS {
            for theme in themes {
                let of = |name: &str| theme(*COLOURS.iter().find(|colour| colour.0 == name).unwrap());
                let (above, below) = (of(colour), of("--paper"));
                let cell = [0, 1, 2].map(|k| heat::OPACITY * above[k] + (1.0 - heat::OPACITY) * below[k]);
                assert!(contrast(of("--ink"), cell) > 4.5, "{colour}");
            }
        }
    }

    #[test]
    fn every_profile_has_a_colour_of_the_table() {
        for name in ["homogeneous", "gamma", "a user's own"] {
            assert!(COLOURS.iter().any(|colour| colour.0 == of_profile(name)), "{name}");
        }
        assert_eq!(of_profile("log-uniform"), of_profile("log_uniform"));
    }
}
