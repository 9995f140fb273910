//! Every model of neurons by its name, with the keys it has.

use tauspike_network::population::Cells;
use tauspike_network::{LIF, LifParameter, LifSpec, MODELS};
use tauspike_scenario::load;

/// A scenario of one population of this model, with these lines, and a projection.
fn written(model: &str, lines: &str, projection: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let noise = "[[population]]\nname = \"noise\"\nsize = 4\nmodel = \"poisson\"\nrate_hz = 10.0\n";
    let cells = format!("[[population]]\nname = \"X\"\nsize = 2\nmodel = \"{model}\"\n{lines}\n");
    let text = format!("name = \"models\"\nduration_ms = 10.0\n{noise}{cells}{projection}");
    std::fs::write(folder.path().join("scenario.toml"), text).unwrap();
    folder
}

fn projection(from: &str, to: &str, weight: &str) -> String {
    format!("[[projection]]\nfrom = \"{from}\"\nto = \"{to}\"\nrule = \"all_to_all\"\n{weight} = 1.0\ndelay_ms = 1.0\n")
}

#[test]
fn every_model_has_its_keys_and_its_unit_of_weights() {
    for model in &MODELS {
        let spec = LifSpec::from(model);
        assert_eq!(spec.model(), model.name);
        let keys: Vec<&str> = LifParameter::of(&spec).map(|row| row.key).collect();
        let lines: Vec<String> = keys.iter().zip(1..).map(|(key, k)| format!("{key} = {k}.5")).collect();
        // V_th above V_reset
        let lines = lines.join("\n").replace("v_th_mv = 4.5", "v_th_mv = 54.5");
        let (right, wrong) =
            if model.synapse.unit() == "pA" { ("weight_pa", "weight_mv") } else { ("weight_mv", "weight_pa") };
        let folder = written(model.name, &lines, &projection("noise", "X", right));
        let scenario = load(folder.path(), &[]).unwrap();
        let network = scenario.network(1).unwrap();
        let Cells::Lif(lif) = &network.populations()[1].cells else { panic!("neurons") };
        assert_eq!(lif.model(), model.name);
        assert!(network.populations()[1].cells.columns().iter().map(|(key, _)| *key).eq(keys.iter().copied()));
        for ((parameter, column), k) in lif.columns().zip(1..) {
            let given = if parameter.name == "v_th" { 54.5 } else { f64::from(k) + 0.5 };
            assert_eq!(column.get(1), given, "{}", parameter.key);
        }
        let folder = written(model.name, "", &projection("noise", "X", wrong));
        let message = load(folder.path(), &[]).unwrap_err().to_string();
        assert!(message.contains(right) && message.contains(model.name), "{message}");
        for row in LIF.iter().filter(|row| !keys.contains(&row.key)) {
            let folder = written(model.name, &format!("{} = 7.5", row.key), "");
            let message = load(folder.path(), &[]).unwrap_err().to_string();
            assert!(message.contains(row.key) && message.contains("7.5"), "{message}");
        }
    }
}

#[test]
fn a_leaky_integrator_has_no_threshold_and_is_no_source() {
    for model in MODELS.iter().filter(|model| !model.fires) {
        for key in ["v_th_mv", "v_reset_mv", "t_ref_ms"] {
            let folder = written(model.name, &format!("{key} = 1.5"), "");
            let message = load(folder.path(), &[]).unwrap_err().to_string();
            let parts = ["population \"X\"", key, "1.5", &format!("neurons of model {} never fire", model.name)];
            assert!(parts.iter().all(|part| message.contains(part)), "{message}");
        }
        let folder = written(model.name, "", &projection("X", "X", "weight_mv"));
        let message = load(folder.path(), &[]).unwrap_err().to_string();
        let parts = ["projection 0: from", "\"X\"", "a population that fires", model.name];
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
}
