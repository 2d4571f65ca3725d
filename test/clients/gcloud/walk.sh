#!/usr/bin/env bash
# gcloud against the pretend cloud: walk.sh HTTP_ADDRESS
set -euo pipefail
address=$1
CLOUDSDK_CONFIG=$(mktemp -d)
export CLOUDSDK_CONFIG
export CLOUDSDK_CORE_PROJECT=demo-project CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true
for api in SECRETMANAGER APIKEYS PUBSUB CLOUDSCHEDULER CLOUDFUNCTIONS CLOUDASSET; do
  export "CLOUDSDK_API_ENDPOINT_OVERRIDES_$api=$address/"
done
passed=0
check() { # check WHAT COMMAND...: ends the walk at the first command that fails
  local what=$1
  shift
  if ! "$@" >out 2>&1; then
    cat out
    echo "gcloud: $what does not hold"
    exit 1
  fi
  passed=$((passed + 1))
}
says() { grep -q "$1" out || { cat out; echo "gcloud: $1 is not said"; exit 1; }; }

printf 'one' >payload
check 'create a secret' gcloud secrets create walked --data-file=payload
check 'access its version' gcloud secrets versions access latest --secret=walked
says one
member=serviceAccount:reader@demo-project.iam.gserviceaccount.com
check 'grant on it' gcloud secrets add-iam-policy-binding walked --member="$member" --role=roles/secretmanager.secretAccessor
check 'make a key for an account' gcloud services api-keys create --key-id=walked \
  --service-account=reader@demo-project.iam.gserviceaccount.com \
  --api-target=service=generativelanguage.googleapis.com
check 'list keys' gcloud services api-keys list
says walked
check 'make a topic' gcloud pubsub topics create walked
check 'subscribe' gcloud pubsub subscriptions create walked --topic=walked
check 'publish' gcloud pubsub topics publish walked --message=hello
check 'pull' gcloud pubsub subscriptions pull walked --auto-ack
says hello
check 'make a job' gcloud scheduler jobs create pubsub walked --location=us-east1 --schedule='0 3 * * *' \
  --topic=projects/demo-project/topics/walked --message-body=go
check 'change it' gcloud scheduler jobs update pubsub walked --location=us-east1 --schedule='0 4 * * *'
says '0 4'
check 'run it' gcloud scheduler jobs run walked --location=us-east1
made() { curl -sf "$address/v2/projects/demo-project/locations/us-east1/$1" -H 'content-type: application/json' -d "$2" >out; }
check 'a function is there' made 'functions?functionId=walked' \
  '{"serviceConfig":{"secretEnvironmentVariables":[{"key":"KEY","projectId":"demo-project","secret":"walked","version":"1"}]}}'
check 'list functions' gcloud functions list --v2
says walked
check 'show a function' gcloud functions describe walked --v2 --region=us-east1
says secretEnvironmentVariables
check 'search an organisation' gcloud asset search-all-resources --scope=organizations/100000000001 \
  --asset-types=cloudresourcemanager.googleapis.com/Project
says demo-project

# A region has a host of its own in Cloud Run's v1, which no name server knows here: the pretend cloud is gcloud's proxy.
export CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN=http://run.example/
run() { http_proxy=$address gcloud "$@"; }
env='"env":[{"name":"KEY","valueSource":{"secretKeyRef":{"secret":"walked","version":"1"}}}]'
containers="\"containers\":[{\"image\":\"app\",$env}]"
check 'its account reads the secret' gcloud secrets add-iam-policy-binding walked --member=allUsers --role=roles/secretmanager.secretAccessor
check 'a service is there' made 'services?serviceId=walked-web' "{\"labels\":{\"team\":\"search\"},\"template\":{$containers}}"
check 'a job is there' made 'jobs?jobId=walked-job' "{\"template\":{\"template\":{$containers}}}"
check 'a worker pool is there' made 'workerPools?workerPoolId=walked-pool' "{\"template\":{$containers}}"
check 'list services of all regions' run run services list
says 'walked-web *us-east1'
check 'list services of a region' run run services list --region=us-east1
says walked-web
check 'describe a service' run run services describe walked-web --region=us-east1
says 'KEY *walked:1'
check 'move its secret to another version' gcloud secrets versions add walked --data-file=payload
check 'update it' run run services update walked-web --region=us-east1 --update-secrets=KEY=walked:2
says 'walked-web-00002'
check 'describe what was made' run run services describe walked-web --region=us-east1
says 'KEY *walked:2'
# as docs/recipes.md has it
export CLOUDSDK_RUN_REGION=us-east1
check 'an alias' gcloud secrets update walked --update-version-aliases=current=2
check 'read an alias' run run services update walked-web --update-secrets=GEMINI_API_KEY=walked:current
check 'read a file' run run services update walked-web --update-secrets=/secrets/gemini/key=walked:current
check 'describe both' run run services describe walked-web
says 'GEMINI_API_KEY *walked:current'
says '/secrets/gemini *walked:current'
check 'its revisions' run run revisions list --service=walked-web --region=us-east1
says 'walked-web-00001'
check 'describe a revision' run run revisions describe "$(sed -n 's/.*\(walked-web-00001-[0-9a-z]*\).*/\1/p' out)" --region=us-east1
says 'KEY *walked:1'
check 'give traffic back' run run services update-traffic walked-web --region=us-east1 --to-revisions="$(sed -n 's/.*\(walked-web-00001-[0-9a-z]*\).*/\1/p' out | head -1)=100"
check 'list jobs' run run jobs list
says walked-job
check 'describe a job' run run jobs describe walked-job --region=us-east1
says 'KEY *walked:1'
check 'list worker pools' run beta run worker-pools list --region=us-east1
says walked-pool
check 'describe a worker pool' run beta run worker-pools describe walked-pool --region=us-east1
says 'KEY *walked:1'
echo "gcloud: $passed passed, 0 failed"
