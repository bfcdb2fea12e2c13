//! ABNF (RFC 5234), taken literally: a grammar as text, every way to match tried, and texts made from it.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug)]
enum Rule {
    Any(Vec<Rule>),
    All(Vec<Rule>),
    Times(usize, usize, Box<Rule>),
    Range(u32, u32),
    Text(String),
    Named(String),
}

pub(super) struct Grammar(BTreeMap<String, Rule>);

/// How often a rule without an upper bound is repeated in a text that is made.
const MANY: usize = 4;

impl Grammar {
    /// One rule a line; `=/` is not known.
    pub(super) fn new(text: &str) -> Grammar {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let rules = lines.map(|line| {
            let (name, rule) = line.split_once('=').expect("name = rule");
            let mut reader = Reader(rule.trim());
            let rule = reader.any();
            assert!(reader.0.is_empty(), "{line}: left {}", reader.0);
            (name.trim().to_ascii_lowercase(), rule)
        });
        Grammar(rules.collect())
    }

    pub(super) fn matches(&self, rule: &str, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        self.ends(&Rule::Named(rule.to_owned()), &text, 0).contains(&text.len())
    }

    /// A text that the rule matches; `dice` gives numbers below the one it is asked for.
    pub(super) fn make(&self, rule: &str, dice: &mut dyn FnMut(usize) -> usize) -> String {
        let mut text = String::new();
        self.put(&Rule::Named(rule.to_owned()), dice, &mut text);
        text
    }

    fn rule(&self, name: &str) -> &Rule {
        self.0.get(&name.to_ascii_lowercase()).unwrap_or_else(|| panic!("no rule {name}"))
    }

    fn ends(&self, rule: &Rule, text: &[char], at: usize) -> BTreeSet<usize> {
        match rule {
            Rule::Any(rules) => rules.iter().flat_map(|rule| self.ends(rule, text, at)).collect(),
            Rule::All(rules) => rules.iter().fold(BTreeSet::from([at]), |ends, rule| {
                ends.into_iter().flat_map(|at| self.ends(rule, text, at)).collect()
            }),
            Rule::Times(min, max, rule) => {
                let (mut all, mut last) = (BTreeSet::new(), BTreeSet::from([at]));
                for times in 0..=*max {
                    if times >= *min {
                        last.retain(|end| !all.contains(end));
                        all.extend(&last);
                    }
                    if last.is_empty() {
                        break;
                    }
                    last = last.into_iter().flat_map(|at| self.ends(rule, text, at)).collect();
                }
                all
            }
            Rule::Range(first, last) => {
                let found = text.get(at).is_some_and(|c| (*first..=*last).contains(&(*c as u32)));
                found.then_some(at + 1).into_iter().collect()
            }
            Rule::Text(wanted) => {
                let end = at + wanted.chars().count();
                let found: Option<String> = text.get(at..end).map(|found| found.iter().collect());
                found.filter(|found| found.eq_ignore_ascii_case(wanted)).map(|_| end).into_iter().collect()
            }
            Rule::Named(name) => self.ends(self.rule(name), text, at),
        }
    }

    fn put(&self, rule: &Rule, dice: &mut dyn FnMut(usize) -> usize, text: &mut String) {
        match rule {
            Rule::Any(rules) => self.put(&rules[dice(rules.len())], dice, text),
            Rule::All(rules) => rules.iter().for_each(|rule| self.put(rule, dice, text)),
            Rule::Times(min, max, rule) => {
                let times = min + dice((*max).min(min + MANY) - min + 1);
                (0..times).for_each(|_| self.put(rule, dice, text));
            }
            Rule::Range(first, last) => {
                let point = first + dice((last - first + 1) as usize) as u32;
                text.push(char::from_u32(point).expect("no surrogates in a grammar"));
            }
            Rule::Text(wanted) => text.push_str(wanted),
            Rule::Named(name) => self.put(self.rule(name), dice, text),
        }
    }
}

struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn any(&mut self) -> Rule {
        let mut rules = vec![self.all()];
        while self.take("/") {
            rules.push(self.all());
        }
        Rule::Any(rules)
    }

    fn all(&mut self) -> Rule {
        let mut rules = Vec::new();
        while !self.0.is_empty() && !self.0.starts_with(['/', ')', ']']) {
            rules.push(self.repeated());
        }
        Rule::All(rules)
    }

    fn repeated(&mut self) -> Rule {
        let min = self.while_in("0123456789");
        let (min, max) = if self.take("*") {
            let max = self.while_in("0123456789");
            (min.parse().unwrap_or(0), max.parse().unwrap_or(usize::MAX))
        } else if min.is_empty() {
            return self.one();
        } else {
            let times = min.parse().expect("a number");
            (times, times)
        };
        Rule::Times(min, max, Box::new(self.one()))
    }

    fn one(&mut self) -> Rule {
        let rule = if self.take("(") {
            let rule = self.any();
            assert!(self.take(")"), "left {}", self.0);
            rule
        } else if self.take("[") {
            let rule = self.any();
            assert!(self.take("]"), "left {}", self.0);
            Rule::Times(0, 1, Box::new(rule))
        } else if self.take("\"") {
            let (text, rest) = self.0.split_once('"').expect("a quote that ends");
            self.0 = rest;
            Rule::Text(text.to_owned())
        } else if self.take("%x") {
            let first = self.hex();
            let last = if self.take("-") { self.hex() } else { first };
            Rule::Range(first, last)
        } else {
            let name = self.while_in("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
            assert!(!name.is_empty(), "left {}", self.0);
            Rule::Named(name)
        };
        self.0 = self.0.trim_start();
        rule
    }

    fn take(&mut self, text: &str) -> bool {
        let Some(rest) = self.0.strip_prefix(text) else { return false };
        // What is inside quotes and behind %x is not to be moved.
        self.0 = if matches!(text, "\"" | "%x" | "-") { rest } else { rest.trim_start() };
        true
    }

    fn hex(&mut self) -> u32 {
        u32::from_str_radix(&self.while_in("0123456789ABCDEF"), 16).expect("hexadecimal digits")
    }

    fn while_in(&mut self, characters: &str) -> String {
        let end = self.0.find(|c| !characters.contains(c)).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        text.to_owned()
    }
}
