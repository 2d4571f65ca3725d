#!/usr/bin/env bash
# gcloud against the pretend cloud: walk.sh HTTP_ADDRESS
set -euo pipefail
address=$1
CLOUDSDK_CONFIG=$(mktemp -d)
export CLOUDSDK_CONFIG
export CLOUDSDK_CORE_PROJECT=demo-project CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true
for api in SECRETMANAGER APIKEYS PUBSUB CLOUDSCHEDULER CLOUDFUNCTIONS; do
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
# gcloud asks for services, jobs and worker pools by another API (v1, in the form of Knative), which is not served
made() { curl -sf "$address/v2/projects/demo-project/locations/us-east1/$1" -H 'content-type: application/json' -d "$2" >out; }
check 'a function is there' made 'functions?functionId=walked' \
  '{"serviceConfig":{"secretEnvironmentVariables":[{"key":"KEY","projectId":"demo-project","secret":"walked","version":"1"}]}}'
check 'list functions' gcloud functions list --v2
says walked
check 'show a function' gcloud functions describe walked --v2 --region=us-east1
says secretEnvironmentVariables
echo "gcloud: $passed passed, 0 failed"
