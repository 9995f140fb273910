//! Damaged scenarios are refused, or are scenarios that read the same once more; never a panic. The fuzz target `scenario_parse` asks
//! the same with more patience; this begins with its seeds.

use std::path::Path;
use tauspike_scenario::scenario::from_text;

const CASES: u64 = 3000;

/// SplitMix64: Steele, Lea and Flood (2014), OOPSLA.
struct Draws(u64);

impl Draws {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

const PIECES: [&str; 14] =
    ["nan", "-inf", "-1", "0", "1e-320", "1e308", "[]", "{}", "true", "\"\"", "\"E\"", "=", "\n[[input]]\n", "é"];

/// The text with one to four lines lost, doubled, moved, taken from another seed, cut, or a word of them replaced.
fn damaged(seeds: &[String], draws: &mut Draws) -> String {
    let mut lines: Vec<String> = seeds[draws.below(seeds.len())].lines().map(str::to_owned).collect();
    for _ in 0..=draws.below(4) {
        let at = draws.below(lines.len());
        match draws.below(6) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(draws.below(lines.len()), lines[at].clone()),
            2 => {
                let other: Vec<&str> = seeds[draws.below(seeds.len())].lines().collect();
                lines[at] = other[draws.below(other.len())].to_owned();
            }
            3 => lines[at] = lines[at].chars().take(draws.below(40)).collect(),
            _ => {
                let mut words: Vec<&str> = lines[at].split(' ').collect();
                let word = draws.below(words.len());
                words[word] = PIECES[draws.below(PIECES.len())];
                lines[at] = words.join(" ");
            }
        }
        if lines.is_empty() {
            break;
        }
    }
    lines.join("\n")
}

#[test]
fn a_damaged_scenario_is_refused_or_reads_the_same_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/scenario_parse");
    let mut seeds = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        seeds.push(text.split('\0').next().unwrap().to_owned());
    }
    seeds.sort();
    assert_eq!(seeds.len(), 7);
    let path = Path::new("damaged.toml");
    for seed in &seeds {
        from_text(seed, path, &[]).unwrap();
    }
    let mut draws = Draws(1);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..CASES {
        let text = damaged(&seeds, &mut draws);
        match from_text(&text, path, &[]) {
            Ok(scenario) => {
                accepted += 1;
                let again = from_text(scenario.text(), path, &["seed=7".into()]).unwrap();
                let written = from_text(again.text(), path, &[]).unwrap_or_else(|e| panic!("{e} in {}", again.text()));
                assert_eq!(written.duration().to_bits(), scenario.duration().to_bits());
                assert_eq!(written.predict().unwrap(), scenario.predict().unwrap());
            }
            Err(error) => {
                refused += 1;
                assert!(error.to_string().starts_with("damaged.toml: "), "{error}");
            }
        }
    }
    assert!(accepted > CASES / 20 && refused > CASES / 2, "{accepted} accepted, {refused} refused");
}
