# Functions of .local/run.sh: the printed commands of `make run` and the blocks of docs/guides use them. They need
# bash, curl and $PYTHON.

# token CLAIMS: a bearer token of the local issuer, for an hour
token() {
  curl -s "$ISSUER/token" -H 'Content-Type: application/json' -d "$1" | field access_token
}

# look TOKEN PATH: what the hub answers
look() {
  curl -s "$HUB$2" -H "Authorization: Bearer $1"
  echo
}

# field NAME...: one value of the JSON that comes in; a number is a place in a list. A refusal is said instead.
field() {
  "$PYTHON" -IS -c '
import functools, json, sys
answer = json.load(sys.stdin)
if "request_id" in answer:
    sys.exit(answer["detail"])
step = lambda value, name: value[int(name) if isinstance(value, list) else name]
print(functools.reduce(step, sys.argv[1:], answer))' "$@"
}

# send: the HTTP request that comes in (`POST /v1/…`, headers, an empty line, JSON) to the hub, and its answer.
# $STATUS and $ETAG are the answer's; a filing that is taken becomes $CASE, and $BORROWER a token of its respondent too.
send() {
  local method path line body answer
  local -a headers=()
  read -r method path
  while IFS= read -r line && [ -n "$line" ]; do headers+=(-H "$line"); done
  body=$(cat)
  [ -z "$body" ] || headers+=(-H 'Content-Type: application/json' --data-binary "$body")
  answer=$(mktemp -d)
  STATUS=$(curl -s -X "$method" "$HUB$path" "${headers[@]}" -D "$answer/head" -o "$answer/body" -w '%{http_code}')
  ETAG=$(tr -d '\r' < "$answer/head" | sed -n 's/^[Ee][Tt][Aa][Gg]: //p')
  echo "HTTP $STATUS"
  if grep -qi '^content-type: application/[a-z+]*json' "$answer/head"; then
    "$PYTHON" -IS -m json.tool --no-ensure-ascii < "$answer/body"
    [ "$path $STATUS" != '/v1/filings 201' ] || { CASE=$(field case_id < "$answer/body"); _borrower_of_case; }
  elif [ -s "$answer/body" ]; then
    echo "($(wc -c < "$answer/body") bytes)"
  fi
  rm -r "$answer"
}

# _borrower_of_case: $BORROWER, who is the first respondent of $CASE and of $TALKS
_borrower_of_case() {
  BORROWER=$(token "{\"role\": \"borrower\", \"sub\": \"b-1\", \"case_ids\": [\"$TALKS:r1\", \"$CASE:r1\"]}")
}

# What a request may name of $CASE as it stands now: its ETag, the agreement's hash, the number of the last act that
# was recorded in a person's name; and a day so many days from today.
etag() { echo "\"$(look "$CENTRE" "/v1/cases/$CASE" | field version)\""; }
agreement() { look "$CENTRE" "/v1/cases/$CASE" | field agreement_sha256; }
recorded() { look "$CENTRE" "/v1/cases/$CASE" | field recorded -1 number; }
day() { "$PYTHON" -IS -c 'import datetime, sys
print(datetime.date.fromisoformat(sys.argv[1]) + datetime.timedelta(days=int(sys.argv[2])))' "$TODAY" "$1"; }

# file_case KEY BODY: file a dispute as the bank
file_case() {
  curl -s "$HUB/v1/filings" -H "Authorization: Bearer $BANK" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $1" -d "$2"
  echo
}

# act TOKEN CASE RESOURCE BODY: act on the case as it stands now
act() {
  curl -s "$HUB/v1/cases/$2/$3" -H "Authorization: Bearer $1" -H 'Content-Type: application/json' \
    -H "If-Match: \"$(look "$CENTRE" "/v1/cases/$2" | field version)\"" -d "$4"
  echo
}

# code_of PHONE [CASE]: the latest code to sign the agreement of a case with; waits for it up to ten seconds
code_of() {
  "$PYTHON" -IS - "$SMS/control/messages?phone=$1" "${2:-$CASE}" <<'PYTHON'
import json, sys, time, urllib.request

for _ in range(50):
    with urllib.request.urlopen(sys.argv[1]) as answer:
        messages = json.load(answer)["messages"]
    of_case = [each for each in messages if each["message_id"].startswith(sys.argv[2] + "-")]
    codes = [each["values"]["code"] for each in of_case if each["template"] == "signing_code"]
    if codes:
        sys.exit(print(codes[-1]))
    time.sleep(0.2)
sys.exit("no code has come")
PYTHON
}

# sign TOKEN CASE PARTY PHONE: ask for a code, and sign the agreement with it
sign() {
  act "$1" "$2" signing-codes "{\"party_id\": \"$3\"}"
  local document
  document=$(look "$CENTRE" "/v1/cases/$2" | field agreement_sha256)
  act "$1" "$2" signatures \
    "{\"party_id\": \"$3\", \"document_sha256\": \"$document\", \"code\": \"$(code_of "$4" "$2")\"}"
}

# meanwhile WHAT: what others do in a guide while its reader waits; says where the case stands then
meanwhile() {
  case "$*" in
    'a case is filed' | 'another case is filed') _a_case ;;
    'you are appointed') _appointed ;;
    'mediation begins') _appointed && _in_talks ;;
    'another case in mediation') _a_case && _appointed && _in_talks ;;
    'the borrower accepts')
      _done "$BORROWER" offers/1/answers '{"side": "respondent", "reply": "accepted"}' ;;
    'the mediator draws up the agreement') _drawn_up ;;
    'an agreement is drawn up') _agreed ;;
    'another agreement to sign') _a_case && _appointed && _in_talks && _agreed ;;
    'the borrower signs') _known && sign "$BORROWER" "$CASE" r1 13800001234 > /dev/null ;;
    'the borrower applies') _done "$BORROWER" confirmation '{"side": "respondent", "party_id": "r1"}' ;;
    'the court confirms') _until confirmed confirmation state ;;
    *) echo "nobody knows how: $*"; false ;;
  esac && echo "$CASE: $(_stands)"
}

_stands() { look "$CENTRE" "/v1/cases/$CASE" | field "${@:-stage}"; }

# _until VALUE FIELD...: wait until the case shows a value, up to a minute
_until() {
  local wanted=$1 tries
  shift
  for tries in {1..300}; do
    [ "$(_stands "$@")" != "$wanted" ] || return 0
    sleep 0.2
  done
  echo "still $(_stands "$@"), after a minute"
  return 1
}

# _done TOKEN RESOURCE BODY: an act on $CASE without its answer, unless it is refused
_done() {
  local answer
  answer=$(act "$1" "$CASE" "$2" "$3")
  case $answer in *'"request_id"'*) echo "$answer"; return 1 ;; esac
}

_a_case() {
  send > /dev/null <<END
POST /v1/filings
Authorization: Bearer $BANK
Idempotency-Key: guide-$NEW-$RANDOM$RANDOM

{
  "court_id": "$COURT_ID", "case_type": "financial_loan_contract", "online": true,
  "contract_number": "JC-$NEW-$RANDOM$RANDOM", "instalment_scope": "whole",
  "claim": {"principal": "100000.00", "interest": "7330.56", "penalty_interest": "5830.21",
            "compound_interest": "427.39", "fees": "0.00", "as_of": "$TODAY"},
  "applicant": {"name": "$BANK_NAME", "unified_social_credit_code": "91350100M000100Y43", "phone": "13900001234",
                "address": "福建省宁德市蕉城区测试路1号"},
  "respondents": [{"kind": "person", "name": "张试", "id_number": "11010519491231002X", "phone": "13800001234",
                   "address": "福建省宁德市蕉城区样例村8号"}]
}
END
  [ "$STATUS" = 201 ] && _until screened stage
}

_appointed() {
  _until screened stage && _done "$CENTRE" assignment \
    "{\"action\": \"appoint\", \"mediator_id\": \"$MEDIATOR_ID\", \"judge_id\": \"$JUDGE_ID\"}"
}

_in_talks() {
  _done "$MEDIATOR" assignment '{"action": "accept"}' &&
    _done "$BORROWER" consents '{"party_id": "r1", "given": true, "online": true}' && _until in_mediation stage
}

_agreed() {
  _done "$BANK" offers '{"side": "applicant", "tier": "lump_sum", "valid_days": 3,
    "schedule": {"kind": "lump_sum", "by": "'"$(day 10)"'"}}' &&
    _done "$BORROWER" offers/1/answers '{"side": "respondent", "reply": "accepted"}' && _drawn_up
}

_drawn_up() {
  _done "$MEDIATOR" settlement '{"confirmation_wanted": true,
    "account": {"holder": "'"$BANK_NAME"'", "number": "6217000000000000004", "bank": "'"$BRANCH_NAME"'"},
    "default_clause": {"grace_days": 3, "clawback": true, "acceleration": true}}'
}

_known() { _done "$MEDIATOR" identity-checks '{"party_id": "r1", "how": "video"}'; }

# A number that no earlier run has used: a contract, a bank or a person that a guide enters is new each time.
NEW=$(date +%m%d%H%M%S)
