//! One page of HTML that needs nothing else: verdicts, figures with their numbers, and what was run.

use crate::arm::Setting;
use crate::picture::{Figure, Panel, Series, escaped, palette, told};
use crate::statistics::{Estimate, holm};
use crate::study::Study;
use crate::verdict::{Evidence, Finding, Shown, Statement, Test, Verdict};
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");

/// The page.
pub fn page(study: &Study, statements: &[Statement], figures: &[Figure], command: &str) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{}</title><style>{}{STYLE}</style></head><body><main>",
        title(study),
        palette::css()
    );
    let _ = write!(out, "<h1>{}</h1>{}", title(study), about(study, command));
    overview(&mut out, statements);
    out.push_str("<h2>Figures</h2>");
    for (at, figure) in figures.iter().enumerate() {
        self::figure(&mut out, at + 1, figure);
    }
    out.push_str("<h2>Statements in detail</h2>");
    for statement in statements {
        detail(&mut out, statement);
    }
    methods(&mut out);
    parameters(&mut out, study);
    out.push_str("</main></body></html>\n");
    out
}

fn title(study: &Study) -> String {
    let name = ["name", "study"].iter().find_map(|key| find(&study.manifest, key)).unwrap_or("time constants");
    format!("Report of the study {}", escaped(name))
}

/// A text of the manifest, at its top or in the part `spec`.
fn find<'a>(manifest: &'a serde_json::Value, key: &str) -> Option<&'a str> {
    [&manifest[key], &manifest["spec"][key]].into_iter().find_map(serde_json::Value::as_str)
}

fn about(study: &Study, command: &str) -> String {
    let results: usize = study.networks.iter().map(|network| network.outcomes.len()).sum();
    let reference = match &study.reference {
        Some(profile) => {
            format!("The skewed arm that is followed, named in the study file: <b>{}</b>.", escaped(&profile.label()))
        }
        None => "The study file names no <code>reference</code>: what needs one is not tested.".into(),
    };
    let mut text = format!(
        "<p>{} networks and readouts, {} seeds, {} tasks, {results} results. {reference}</p><p>This report: <code>{}</code></p>",
        study.networks.len(),
        study.seeds().len(),
        study.tasks.len(),
        escaped(&without_folders(command))
    );
    if let Some((possible, tasks)) = study.possible_score() {
        let _ = write!(
            text,
            "<p>What lies ahead of a stimulus is in no state: the best function of the stimulus up to now would score <b>{}</b> on the {tasks} \
             of {} tasks where that is known. Scores as a share of it: a figure by shift, and for every point \
             <code>share_of_possible</code> in <code>summary.parquet</code>.</p>",
            told(possible),
            study.tasks.len()
        );
    }
    for (key, label) in
        [("command", "The study"), ("version", "Version"), ("host", "Host"), ("started", "Started"), ("ended", "Ended")]
    {
        match &study.manifest[key] {
            serde_json::Value::Null => {}
            serde_json::Value::String(value) => {
                let _ = write!(text, "<p>{label}: <code>{}</code></p>", escaped(&without_folders(value)));
            }
            value => {
                let _ = write!(text, "<p>{label}: <code>{}</code></p>", escaped(&value.to_string()));
            }
        }
    }
    text
}

/// A command without the folders of absolute paths: they tell of a machine, not of the study.
fn without_folders(command: &str) -> String {
    let shown = |word: &str| {
        let (before, path) = word.find("/").map_or((word, ""), |at| word.split_at(at));
        let absolute = !path.is_empty() && (before.is_empty() || before.ends_with('='));
        let name = path.rsplit('/').next().unwrap_or(path);
        if absolute { format!("{before}{name}") } else { word.to_owned() }
    };
    command.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}

fn overview(out: &mut String, statements: &[Statement]) {
    out.push_str("<h2>Verdicts</h2><div class=\"wide\"><table><thead><tr><th></th><th>Statement</th>");
    for setting in Setting::all() {
        let _ = write!(out, "<th>{}</th>", setting.label());
    }
    out.push_str("</tr></thead><tbody>");
    for statement in statements {
        let _ = write!(
            out,
            "<tr><td>{0}</td><td><a href=\"#s{0}\">{1}</a></td>",
            statement.number,
            escaped(statement.claim)
        );
        for finding in &statement.findings {
            let _ = write!(out, "<td>{}", badge(finding.verdict));
            if finding.verdict == Verdict::NotTested {
                let _ = write!(out, "<br><span class=\"note\">{}</span>", escaped(&finding.basis));
            }
            finding.evidence.iter().for_each(|item| decided(out, item));
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str(
        "</tbody></table></div><p class=\"note\">Under each verdict: every comparison that decides, its figure with its 95 % interval, \
         and where it is shown to be (▲ above its bound, ▼ below, · neither) with all comparisons of this table corrected together. What \
         they are stands on hover and under <i>Statements in detail</i>. “Not supported” means not shown.</p>",
    );
}

/// A comparison that decides, in a line of the overview.
fn decided(out: &mut String, item: &Evidence) {
    let Some(Test { shown, bound, .. }) = item.test else { return };
    let Estimate { value, low, high, .. } = item.estimate;
    let sign = match shown {
        Shown::Above => "▲",
        Shown::Below => "▼",
        Shown::Neither => "·",
    };
    let _ = write!(
        out,
        "<br><span class=\"number\" title=\"{}\">{sign} {} [{}, {}] {} &gt; {}</span>",
        escaped(&item.label),
        plain(value),
        plain(low),
        plain(high),
        item.unit,
        told(bound)
    );
}

/// As [`told`], but a small number stands in one column with others: no power of ten.
fn plain(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-3 { format!("{value:.4}") } else { told(value) }
}

fn badge(verdict: Verdict) -> String {
    let class = match verdict {
        Verdict::Supported => "good",
        Verdict::Partly => "part",
        Verdict::NotSupported => "bad",
        Verdict::Contradicted => "bad",
        Verdict::NotTested => "none",
    };
    format!("<span class=\"badge {class}\">{verdict}</span>")
}

fn figure(out: &mut String, number: usize, figure: &Figure) {
    let _ = write!(
        out,
        "<figure id=\"{}\"><h3>Figure {number}. {}</h3><div class=\"wide\">{}</div><figcaption>{}{}</figcaption><details><summary>Numbers</summary>",
        figure.name,
        escaped(&figure.title),
        figure.svg(),
        escaped(&figure.caption),
        if figure.panels.iter().any(has_intervals) { " Bars and bands: 95 % intervals over seeds." } else { "" }
    );
    for panel in &figure.panels {
        numbers(out, panel);
    }
    out.push_str("</details></figure>");
}

fn has_intervals(panel: &Panel) -> bool {
    match panel {
        Panel::Lines(lines) => {
            lines.series.iter().flat_map(|series| &series.points).any(|point| point.low < point.high)
        }
        Panel::Map(_) => false,
        Panel::Forest(_) => true,
    }
}

fn numbers(out: &mut String, panel: &Panel) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (title, heads): (&str, Vec<String>) = match panel {
        Panel::Lines(lines) => {
            rows.extend(lines.series.iter().flat_map(point_rows));
            (&lines.title, ["", &lines.x.label, &lines.y.label, "95 % from", "to", "note"].map(String::from).to_vec())
        }
        Panel::Map(map) => {
            for (row, values) in map.values.iter().enumerate().rev() {
                rows.push([map.rows[row].clone()].into_iter().chain(values.iter().map(|value| told(*value))).collect());
            }
            let head = format!("{} \\ {}", map.y_label, map.x_label);
            (&map.title, [head].into_iter().chain(map.columns.iter().cloned()).collect())
        }
        Panel::Forest(forest) => {
            rows.extend(
                forest.rows.iter().map(|row| vec![row.label.clone(), told(row.value), told(row.low), told(row.high)]),
            );
            (&forest.title, ["", &forest.x_label, "95 % from", "to"].map(String::from).to_vec())
        }
    };
    let _ = write!(out, "<h4>{}</h4>", escaped(title));
    table(out, &heads, &rows);
}

fn point_rows(series: &Series) -> impl Iterator<Item = Vec<String>> {
    series.points.iter().map(|point| {
        let x = if series.style == crate::picture::Style::Level { "all".into() } else { told(point.x) };
        let note = point.note.trim_start_matches("; ").to_owned();
        vec![series.label.clone(), x, told(point.y), told(point.low), told(point.high), note]
    })
}

fn table(out: &mut String, heads: &[String], rows: &[Vec<String>]) {
    out.push_str("<div class=\"wide\"><table><thead><tr>");
    for head in heads {
        let _ = write!(out, "<th>{}</th>", escaped(head));
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for value in row {
            let _ = write!(out, "<td>{}</td>", escaped(value));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
}

fn detail(out: &mut String, statement: &Statement) {
    let _ = write!(
        out,
        "<section id=\"s{0}\"><h3>{0}. {1}</h3><p><b>Rule.</b> {2}</p>",
        statement.number,
        escaped(statement.claim),
        escaped(statement.rule)
    );
    for Finding { setting, verdict, basis, evidence } in &statement.findings {
        let _ = write!(out, "<h4>{setting}: {}</h4><p>{}.</p>", badge(*verdict), escaped(basis));
        if !evidence.is_empty() {
            let heads =
                ["", "value", "95 % from", "to", "unit", "seeds", "above?", "p", "p (Holm)", "smallest shown", "shown"];
            let rows: Vec<Vec<String>> = evidence.iter().map(evidence_row).collect();
            table(out, &heads.map(String::from), &rows);
        }
    }
    out.push_str("</section>");
}

fn evidence_row(Evidence { label, unit, estimate, test }: &Evidence) -> Vec<String> {
    let Estimate { value, low, high, seeds, .. } = *estimate;
    let of_test = |of: &dyn Fn(&Test) -> String| test.as_ref().map_or_else(String::new, of);
    let shown = |test: &Test| match test.shown {
        Shown::Above => "above".into(),
        Shown::Below => "below".into(),
        Shown::Neither => "neither".into(),
    };
    // Of a factor it is one, too.
    let smallest = |test: &Test| told(if *unit == "times" { test.smallest_shown.exp() } else { test.smallest_shown });
    [label.clone(), told(value), told(low), told(high), (*unit).into(), seeds.to_string()]
        .into_iter()
        .chain([
            of_test(&|test| told(test.bound)),
            of_test(&|test| told(test.p)),
            of_test(&|test| told(test.p_holm)),
            of_test(&smallest),
            of_test(&shown),
        ])
        .collect()
}

fn methods(out: &mut String) {
    let _ = write!(
        out,
        "<h2>How it was computed</h2><p>Score of a network: mean over its tasks of max(R², 0) on the test part, so that a task it fails \
         counts as 0. The unit of observation is the seed: networks of one seed share what is not compared, and differences are paired \
         by seed; tasks are not counted as observations. “Own best”: the point of the sweep that is best on all other seeds, so that no \
         seed has a say in how it is judged. Intervals: Student's t over seeds; of factors and R², with the standard error of the \
         jackknife over seeds, factors on a logarithmic scale. p: two-sided, of the bound. Holm's correction: over all comparisons that \
         decide, of all statements and settings together, at {}. Smallest shown: the true distance from the bound that would be found \
         with probability 0.8 at the strictest step of the correction. All draws are counter-based: the same study gives the same \
         report. Rules were written down before the run.</p>",
        holm::LEVEL
    );
}

fn parameters(out: &mut String, study: &Study) {
    out.push_str("<h2>All parameters</h2>");
    let mut manifest = study.manifest.clone();
    for key in ["command", "file"] {
        if let Some(serde_json::Value::String(text)) = manifest.get_mut(key) {
            *text = without_folders(text);
        }
    }
    // The specification is a text of its own, with its comments.
    if let Some(serde_json::Value::String(spec)) = manifest.get("spec").cloned() {
        let _ = write!(
            out,
            "<details><summary>Specification of the study</summary><pre>{}</pre></details>",
            escaped(&spec)
        );
        manifest.as_object_mut().map(|fields| fields.remove("spec"));
    }
    let text = match manifest {
        serde_json::Value::Null => "The folder has no study.json.".into(),
        manifest => serde_json::to_string_pretty(&manifest).unwrap_or_default(),
    };
    let _ = write!(out, "<details><summary>study.json</summary><pre>{}</pre></details>", escaped(&text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_of_the_overview_have_no_power_of_ten() {
        assert_eq!([-2.88e-4, 0.0, 0.0213, 9.4].map(plain), ["-0.0003", "0", "0.021", "9.40"]);
    }

    #[test]
    fn folders_of_a_machine_are_not_told() {
        let command = "/home/me/target/release/tauspike study scenarios/x/full.toml --out=/data/me/out --set a=1/2";
        assert_eq!(without_folders(command), "tauspike study scenarios/x/full.toml --out=out --set a=1/2");
    }
}
