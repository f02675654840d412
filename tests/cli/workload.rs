//! `caseload workload`: figures of the cache.

use super::House;

#[test]
fn what_came_and_went_is_told_in_figures_and_in_bars() {
    let mut house = House::of(40);
    let mine = house.json(&["list", "mine"]);
    let before = house.json(&["workload"]).remove(0);
    assert_eq!(house.run(&["close", &mine[0]["id"].to_string()]).code, 0);
    house.stop();
    let told = house.json(&["workload"]).remove(0);
    assert_eq!(told["closed"].as_u64().unwrap(), before["closed"].as_u64().unwrap() + 1, "{told}");
    assert_eq!(told["hours"].as_array().unwrap().len(), 24);
    assert_eq!(told["open"]["mine"].as_u64().unwrap() + 1, before["open"]["mine"].as_u64().unwrap());
    for (field, of) in
        [("medianSeconds", "waiting"), ("cases", "waiting"), ("longestCase", "waiting"), ("medianSeconds", "taken"), ("scores", "feedback"), ("dateRead", "")]
    {
        let value = if of.is_empty() { &told[field] } else { &told[of][field] };
        assert!(!value.is_null(), "{field}: {told}");
    }
    let said = house.run(&["workload", "--hours", "6"]);
    assert!(said.out.contains(&format!("(#{})", told["waiting"]["longestCase"])) && said.out.contains("taken    "), "{said:?}");
    assert_eq!((said.code, said.out.lines().filter(|line| line.contains(" in ") && line.ends_with(" out")).count()), (0, 6), "{said:?}");
    let days = house.run(&["workload", "--hours", "30"]);
    let begins = told["hours"][23]["dateBegin"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert!(days.out.contains(&begins.format("\n%a %H:00 ").to_string()), "over more than a day an hour has its weekday: {}", days.out);
    assert!(said.out.contains("waiting ") && said.out.contains("feedback ") && said.out.contains("now      queue "), "{said:?}");
    assert_eq!(house.run(&["workload", "--hours", "0"]).code, 2);
}
