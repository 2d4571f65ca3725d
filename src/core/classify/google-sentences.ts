/**
 * Google's sentences, reduced to the words that carry the meaning: the texts drift, are wrapped and are cut off. All
 * are matched against `plainWords`, and none can look far ahead, so that no text makes them slow.
 */

export const LEAKED =
  /(?:reported|flagged|marked|identified|detected|known) (?:as|to be) leaked|\bkey (?:was |is |has been )?leaked|leaked (?:api )?key|^[^a-z]{0,12}leaked\W{0,8}$/;

/** Only as Google says it: an app’s “expired” or “invalid” is its own. */
export const EXPIRED = /api key expired\.|renew the api key/;

/** “API key not found” alone is what apps say of a key that nobody has entered. */
export const NOT_FOUND = /api key not found\. please pass/;

export const INVALID = /\bapi key not valid|pass a valid api key|\bapi_?key_?invalid/;

export const NO_KEY =
  /unregistered callers|request is missing a valid api key|without established identity|(?:missing|no) (?:(?:required|the|your|\w{1,24})[ _-]){0,3}api[ _-]?key\b|api[ _]?key (?:is )?(?:missing|required|must be|not (?:configured|defined))|api_?key:? (?:environment )?(?:variable )?(?:is )?(?:not set|unset)|key not found in|api_?key environment variable not found/;

/** What libraries say that look for a key before they ask Google anything. */
export const UNSET =
  /missing key inputs|did not find \w{0,24}api_key|illegal header value b['"]bearer ?['"]|(?:must|please|should) (?:set|specify|provide|pass|pass in)(?: an?| the| your| either)? \W?\w{0,24}api[ _]?key/;

/** The OAuth layer's one sentence for every token it cannot use (401). */
export const NOT_A_TOKEN = /invalid authentication credentials/;

/** A credential of the wrong kind, in the wrong place, one too many, or at OpenAI’s host. */
export const MISPLACED =
  /api key and the authentication credential are from different projects|multiple authentication credentials|missing or invalid authorization header|api keys are not supported by this api|missing required authentication credential|insufficient authentication scopes|restricted with service accounts|missing (?:bearer|basic)(?: or \w{1,10})? authentication in header|mutually exclusive (?:\w{1,8} ){0,3}api key|api key are mutually exclusive|incorrect api key provided|platform\.openai\.com/;

/** Secret Manager's own refusals; square brackets stand around the name in some of its sentences. */
export const STORE_DENIED = /permission '?secretmanager\.[\w.]{1,60}'? denied|permission denied on secret\b/;
export const VERSION_DISABLED = /secret ?version .{0,200}\bin disabled state/;
export const VERSION_DESTROYED = /secret ?version .{0,200}\b(?:in destroyed state|is destroyed)/;
export const VERSION_MISSING =
  /secret ?version \[?.{0,200}\]? not found|secret projects\/.{1,150}\/versions\/\S{1,40} was not found|secret \[.{0,200}\] .{0,40}has no versions/;
export const SECRET_MISSING = /secret \[.{0,200}\] not found|secret projects\/\S{1,150} was not found/;

/** Nobody is signed in: the words of Google’s auth libraries (Node, Python, Go, Java, .NET, PHP, Ruby), gcloud and Terraform. */
export const NO_CREDENTIALS =
  /(?:could not|cannot|unable to|failed to) (?:load|find|automatically determine|determine) (?:the )?(?:application )?(?:default )?credentials|\b(?:default )?credentials (?:were|are) not (?:found|available)|defaultcredentialserror|no credentials loaded|do not currently have an active account selected|refreshing (?:your current )?auth(?:entication)? tokens|reauthentication (?:is needed|failed|required)|gcloud auth (?:application-default )?login\b|retrieve auth metadata|invalid_(?:grant|rapt)|from the google compute engine metadata service/;
/** The Gemini API, or one of its libraries: without a key these fall back to default credentials. */
export const GEMINI_NAMED = /generativelanguage|genai|generativeai|aiplatform|vertex/;

/** VPC Service Controls, which Google calls an organisation’s policy as well. */
export const PERIMETER = /vpc ?service ?controls|request is prohibited by organi[sz]ation's polic/;

/** Of the API as OpenAI’s libraries call it. */
export const COMPATIBLE_ROUTE = /\/v1(?:beta|alpha)?\/openai\b/;

export const END_USER = /requires a quota project|end[- ]user credentials/;

export const API_BLOCKED = /requests to this api (?:[\w.-]{1,80}\.com\b|.{0,400}are blocked)/;
export const IP_BLOCKED = /ip address restriction/;
export const REFERRER_BLOCKED = /requests from (?:http )?referr?er .{0,400}are blocked|referrer restriction/;
export const ANDROID_BLOCKED =
  /requests from this android client app|android client application .{0,200}(?:is|are) blocked/;
export const IOS_BLOCKED = /requests from this ios client app|ios client application .{0,200}(?:is|are) blocked/;

/** Also a project whose billing account is in a country that Google does not sell to. */
export const LOCATION =
  /location (?:is )?not supported|unsupported ?user ?location|not (?:supported|available) in your (?:current )?(?:country|region|location)|billing country/;

export const PROJECT_DENIED = /project .{0,60}denied access/;
export const SUSPENDED = /(?:consumer|project|account)\b.{0,200} suspended|violation of (?:\w+ )?terms/;
export const SERVICE_OFF =
  /has not been used in .{0,120} before|\bapi has not been used|it is disabled\. enable it|\bapi is not enabled/;
export const BILLING_OFF =
  /requires billing to be enabled|enable billing on project|billing (?:account )?(?:for .{1,60} )?(?:is |has been )?(?:disabled|closed|not (?:enabled|active|open))/;
export const CONSUMER_GONE =
  /permission denied on resource project|required permission to use project|\bproject .{0,60}(?:has been deleted|not found or deleted)/;

export const SPEND_CAP = /spend(?:ing)? (?:cap|limit)/;
export const PREPAID = /prepay(?:ment)? credits?|prepaid credits?/;
export const LIMITED =
  /quota exceeded|(?:exceeded|reached) (?:your|its|the) (?:\w+ )?quota|quota_exceeded|rate[ _-]?limit|too many requests|resource (?:has been )?exhausted/;

export const OVERLOADED = /overloaded|high demand|(?:temporarily|currently) unavailable/;
export const MODEL_GONE =
  /\bmodels?[/ ].{1,120}(?:not found|no longer available|does not exist|retired)|not found for api version|not supported for generatecontent|model_not_found/;

/** Google's front end, a proxy or a firewall, in words. */
export const BARRED =
  /does not have permission to get (?:the )?url|unusual traffic from your computer|can't process your request right now|error code: 1\d{3}\b|rbac: access denied|tunnel failed|proxy authentication|not in (?:the )?allowlist|blocked by (?:the |your )?(?:\w+ )?(?:firewall|proxy|egress)/;
export const TIMED_OUT = /time(?:d[ -]?)?out(?!\W{0,3}\d)|deadline (?:exceeded|expired)|etimedout/;
export const UNREACHABLE =
  /failed to connect to all addresses|no connection established|upstream connect error|no healthy upstream|name resolution|rst_stream|\bgoaway\b|\be(?:connrefused|connreset|connaborted|notfound|ai_again|pipe|proto|hostunreach|netunreach)\b|err_(?:connection|name|internet|network|ssl|cert)|und_err|getaddrinfo|could(?:n't| not) (?:resolve|connect)|failed to (?:connect|resolve|fetch)|failed host lookup|no such host|unknownhost|nameresolution|connect(?:ion)? ?error|fetch failed|connection (?:refused|reset|failure|closed|aborted)|other side closed|socket hang up|network (?:is unreachable|error)|certificate|pkix|ssl_|handshake/;
