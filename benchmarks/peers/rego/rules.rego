# Ten rules of lintperf's catalogue in Rego. `found` is the set of [code, row]. Numbers are the engine's floats, so sums
# are compared to a millionth and a rate that is a number is taken to have two decimals.
package peers

import rego.v1

blanks := {"", "无", "不适用", "/", "—", "－", "-", "_"}

signs := " \t\r\n\u3000/／\\-—－–―_＿~～.…·*"

says_nothing(row, key) if trim(object.get(row, key, ""), signs) == ""

says_nothing(row, key) if object.get(row, key, null) == null

blank(row, key) if trim_space(object.get(row, key, "")) in blanks

blank(row, key) if object.get(row, key, null) == null

empty contains i if {
	some i, row in input.indicators
	blank(row, "name")
	blank(row, "target")
}

of_row(i) := sprintf("indicators/%d", [i])

of_fund(i) := sprintf("funds/rows/%d", [i])

same(a, b) if abs(a - b) < 0.000001

# --- rows of indicators ----------------------------------------------------------------------------------------------

lacking contains [key, i] if {
	some key in ["weight", "score"]
	some i, row in input.indicators
	not is_number(object.get(row, key, null))
	not i in empty
}

there contains key if {
	some key in ["weight", "score"]
	some row in input.indicators
	is_number(row[key])
}

found contains ["LP103", of_row(i)] if {
	some [key, i] in lacking
	key in there
}

found contains ["LP104", of_row(i)] if {
	some i, row in input.indicators
	is_number(row.score)
	row.score > 0
	some key in ["target", "actual"]
	says_nothing(row, key)
	not i in empty
}

found contains ["LP201", of_row(i)] if {
	some i, row in input.indicators
	is_number(row.score)
	is_number(row.weight)
	row.score > row.weight
}

found contains ["LP202", of_row(i)] if {
	some i, row in input.indicators
	is_number(row.score)
	row.score < 0
}

found contains ["LP208", of_row(i)] if {
	some i in empty
	is_number(input.indicators[i].weight)
	input.indicators[i].weight > 0
}

found contains ["LP208", of_row(i)] if {
	some i, row in input.indicators
	row.weight == 0
	not i in empty
}

# --- sums ------------------------------------------------------------------------------------------------------------

added(key) := total if {
	every gap in lacking { gap[0] != key }
	rows := [row[key] | some row in input.indicators; is_number(row[key])]
	execution := [row[key] | some row in input.funds.rows; row.source == "total"; is_number(row[key])]
	total := sum(rows) + sum(execution)
}

default full := 100

full := input.total.weight if is_number(input.total.weight)

found contains ["LP203", ""] if {
	weights := added("weight") # undefined where a row lacks its weight
	not same(weights, full)
}

found contains ["LP204", ""] if {
	is_number(input.total.score)
	scores := added("score")
	not same(scores, input.total.score)
}

# --- funds -----------------------------------------------------------------------------------------------------------

rate(row) := {"value": row.rate, "decimals": 2} if is_number(row.rate)

rate(row) := {"value": to_number(parts[1]) / 100, "decimals": 2 + max([count(parts[2]) - 1, 0])} if {
	is_string(row.rate)
	[parts] := regex.find_all_string_submatch_n(`^([-+]?[0-9]+([.][0-9]+)?)[%％]$`, row.rate, 1)
}

powers := [1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000]

found contains ["LP301", of_fund(i)] if {
	some i, row in input.funds.rows
	is_number(row.executed)
	row.annual > 0
	stated := rate(row)
	scale := powers[stated.decimals]
	computed := floor(((row.executed / row.annual) * scale) + 0.500000001) / scale
	not same(computed, stated.value)
}

claims(row) if rate(row).value > 0

claims(row) if {
	is_number(row.score)
	row.score > 0
}

found contains ["LP303", of_fund(i)] if {
	some i, row in input.funds.rows
	row.annual == 0
	row.executed == 0
	claims(row)
}

found contains ["LP305", of_fund(i)] if {
	some i, row in input.funds.rows
	is_number(row.annual)
	is_number(row.executed)
	row.executed > row.annual
}
