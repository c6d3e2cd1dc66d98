//! The plural forms of a gettext catalogue: the formula in its header, such as
//! `nplurals=2; plural=(n != 1);`.

use std::ops::RangeInclusive;

/// The maximum number of operators and numbers of a formula.
const MAX_TOKENS: usize = 500;
/// The maximum depth of parentheses and of conditions.
const MAX_DEPTH: usize = 60;
/// The numbers that most of a text is about.
const MOST: RangeInclusive<u64> = 11..=99;

/// Which form stands for one thing, and which for most numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PluralForms {
    /// The form for 1.
    pub(super) one: usize,
    /// The form that most of 11 to 99 take.
    pub(super) other: usize,
    /// The number of forms that numbers up to 200 take.
    pub(super) count: usize,
}

impl PluralForms {
    /// Reads a header `Plural-Forms`; `None` if it has no formula that gettext would accept.
    pub(super) fn of_header(header: &str, max_forms: usize) -> Option<Self> {
        let formula = header.split(';').find_map(|part| {
            let (name, formula) = part.split_once('=')?;
            (name.trim() == "plural").then_some(formula)
        })?;
        let tokens = tokens(formula)?;
        let mut parser = Parser { tokens: &tokens, depth: 0 };
        let formula = parser.condition()?;
        if !parser.tokens.is_empty() {
            return None;
        }
        let form =
            |n: u64| usize::try_from(formula.value(n)?).ok().filter(|form| *form < max_forms);
        let mut counts = vec![0_usize; max_forms];
        for n in MOST {
            counts[form(n)?] += 1;
        }
        let counts = counts.iter().enumerate();
        let (other, _) = counts.max_by_key(|(form, count)| (**count, usize::MAX - form))?;
        let count = (0..=200).filter_map(form).max()? + 1;
        Some(Self { one: form(1)?, other, count })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Number(u64),
    N,
    Operator(&'static str),
}

/// Operators, the longer of two that begin alike first.
const OPERATORS: [&str; 18] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "?", ":", "+", "-", "*", "/", "%", "(", ")",
];

fn tokens(formula: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = formula.trim();
    while !rest.is_empty() {
        if tokens.len() == MAX_TOKENS {
            return None;
        }
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (token, len) = if digits > 0 {
            (Token::Number(rest[..digits].parse().ok()?), digits)
        } else if rest.starts_with('n') {
            (Token::N, 1)
        } else {
            let operator = OPERATORS.into_iter().find(|known| rest.starts_with(known))?;
            (Token::Operator(operator), operator.len())
        };
        tokens.push(token);
        rest = rest[len..].trim_start();
    }
    Some(tokens)
}

/// A formula.
#[derive(Debug)]
enum Formula {
    Number(u64),
    N,
    Not(Box<Formula>),
    Binary(&'static str, Box<[Formula; 2]>),
    Condition(Box<[Formula; 3]>),
}

impl Formula {
    /// Returns the value for a number; `None` for a division by 0 and beyond the range.
    fn value(&self, n: u64) -> Option<u64> {
        Some(match self {
            Self::Number(number) => *number,
            Self::N => n,
            Self::Not(inner) => u64::from(inner.value(n)? == 0),
            Self::Condition(parts) => {
                let [condition, then, otherwise] = &**parts;
                if condition.value(n)? != 0 { then.value(n)? } else { otherwise.value(n)? }
            }
            Self::Binary(operator, sides) => {
                let a = sides[0].value(n)?;
                // The right side is not computed if the left one decides.
                match *operator {
                    "&&" => return Some(u64::from(a != 0 && sides[1].value(n)? != 0)),
                    "||" => return Some(u64::from(a != 0 || sides[1].value(n)? != 0)),
                    _ => {}
                }
                let b = sides[1].value(n)?;
                match *operator {
                    "==" => u64::from(a == b),
                    "!=" => u64::from(a != b),
                    "<" => u64::from(a < b),
                    ">" => u64::from(a > b),
                    "<=" => u64::from(a <= b),
                    ">=" => u64::from(a >= b),
                    "+" => a.checked_add(b)?,
                    "-" => a.checked_sub(b)?,
                    "*" => a.checked_mul(b)?,
                    "/" => a.checked_div(b)?,
                    "%" => a.checked_rem(b)?,
                    _ => return None,
                }
            }
        })
    }
}

/// The binary operators of C, from those that bind least.
const LEVELS: [&[&str]; 6] =
    [&["||"], &["&&"], &["==", "!="], &["<", ">", "<=", ">="], &["+", "-"], &["*", "/", "%"]];

struct Parser<'t> {
    tokens: &'t [Token],
    depth: usize,
}

impl Parser<'_> {
    fn operator(&mut self, known: &[&str]) -> Option<&'static str> {
        match self.tokens.split_first() {
            Some((Token::Operator(operator), rest)) if known.contains(operator) => {
                self.tokens = rest;
                Some(operator)
            }
            _ => None,
        }
    }

    fn condition(&mut self) -> Option<Formula> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let condition = self.binary(0)?;
        let formula = if self.operator(&["?"]).is_some() {
            let then = self.condition()?;
            self.operator(&[":"])?;
            Formula::Condition(Box::new([condition, then, self.condition()?]))
        } else {
            condition
        };
        self.depth -= 1;
        Some(formula)
    }

    fn binary(&mut self, level: usize) -> Option<Formula> {
        let Some(operators) = LEVELS.get(level) else { return self.single() };
        let mut formula = self.binary(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            formula = Formula::Binary(operator, Box::new([formula, self.binary(level + 1)?]));
        }
        Some(formula)
    }

    fn single(&mut self) -> Option<Formula> {
        let mut negations = 0;
        while self.operator(&["!"]).is_some() {
            negations += 1;
        }
        let (token, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        let mut formula = match token {
            Token::Number(number) => Formula::Number(*number),
            Token::N => Formula::N,
            Token::Operator("(") => {
                let inner = self.condition()?;
                self.operator(&[")"])?;
                inner
            }
            Token::Operator(_) => return None,
        };
        // Two negations in a row turn a number into 0 or 1, and further pairs change nothing.
        for _ in 0..if negations > 2 { 2 - negations % 2 } else { negations } {
            formula = Formula::Not(Box::new(formula));
        }
        Some(formula)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(formula: &str) -> Option<(usize, usize)> {
        let header = format!(" nplurals=6; plural={formula};");
        PluralForms::of_header(&header, 64).map(|forms| (forms.one, forms.other))
    }

    #[test]
    fn the_forms_are_those_of_the_formula() {
        for (formula, one, other) in [
            (
                "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
                1,
                4,
            ),
            ("n==1 ? 0 : n==0 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n>10 ? 4 : 5", 0, 4),
            (
                "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100<=2 ? 4 : 5)",
                1,
                5,
            ),
            ("(n==1 ? 0 : n==2 ? 1 : n>=3 && n<=10 ? 2 : 3)", 0, 3),
            ("(n != 1)", 0, 1),
            ("n>1", 0, 1),
            ("0", 0, 0),
            ("!(n-1 == 0) || n % 10 > 20 ? 1 : !!n - 1", 0, 1),
            ("1 + 2 * n - 2 * n", 1, 1),
        ] {
            assert_eq!(forms(formula), Some((one, other)), "{formula}");
        }
    }

    #[test]
    fn formulas_that_gettext_would_refuse_have_no_forms() {
        let deep = format!("{}n{}", "(".repeat(100), ")".repeat(100));
        let long = "n+".repeat(1000) + "n";
        for formula in [
            "",
            "EXPRESSION",
            "n ==",
            "n ? 1",
            "(n",
            "n)",
            "n / 0",
            "n - 2",
            "1 2",
            "n = 1",
            "99",
            &deep,
            &long,
        ] {
            assert_eq!(forms(formula), None, "{formula}");
        }
        assert_eq!(PluralForms::of_header("nplurals=6", 64), None);
    }
}
