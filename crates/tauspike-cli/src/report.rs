//! `report`: what a study says about the eight statements.

use crate::args::ReportArgs;
use crate::failure::Failure;
use crate::output;
use std::fmt::Write;
use tauspike_report::Report;

/// # Errors
/// If the study cannot be read, or a report is there or cannot be written.
pub fn report(args: &ReportArgs) -> Result<(), Failure> {
    let report = tauspike_report::write(&args.study, &args.folder(), args.force, &command())?;
    if args.json {
        return output::print_json(&report.statements);
    }
    output::print(&text(&report))
}

/// The verdicts, a line each, and the files.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    for statement in &report.statements {
        let findings = statement.findings.iter().map(|finding| format!("{} {}", finding.setting, finding.verdict));
        let found = findings.collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "{}  {:<78} {found}", statement.number, statement.claim);
    }
    for file in &report.files {
        let _ = writeln!(text, "wrote   {}", file.display());
    }
    text
}

/// The command line as it was given, without the folder of the program.
pub fn command() -> String {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    ["tauspike".into()].into_iter().chain(arguments).collect::<Vec<_>>().join(" ")
}
