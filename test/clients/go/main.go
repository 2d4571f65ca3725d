// Google's Go clients against the pretend cloud, over gRPC: `go run . HTTP_ADDRESS GRPC_ADDRESS`.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	apikeys "cloud.google.com/go/apikeys/apiv2"
	"cloud.google.com/go/apikeys/apiv2/apikeyspb"
	"cloud.google.com/go/pubsub/v2"
	"cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	secretmanager "cloud.google.com/go/secretmanager/apiv1"
	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"github.com/googleapis/gax-go/v2/apierror"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

const project = "projects/demo-project"

var passed int

func check(what string, holds bool, err error) {
	if err != nil || !holds {
		fmt.Fprintf(os.Stderr, "go: %s does not hold: %v\n", what, err)
		os.Exit(1)
	}
	passed++
}

func main() {
	address := os.Args[2]
	os.Setenv("PUBSUB_EMULATOR_HOST", address)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	options := []option.ClientOption{
		option.WithEndpoint(address),
		option.WithoutAuthentication(),
		option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())),
	}

	secrets, err := secretmanager.NewClient(ctx, options...)
	check("open Secret Manager", true, err)
	secret, err := secrets.CreateSecret(ctx, &secretmanagerpb.CreateSecretRequest{
		Parent:   project,
		SecretId: "go",
		Secret: &secretmanagerpb.Secret{Replication: &secretmanagerpb.Replication{
			Replication: &secretmanagerpb.Replication_Automatic_{Automatic: &secretmanagerpb.Replication_Automatic{}},
		}},
	})
	check("create a secret", err == nil && strings.HasSuffix(secret.GetName(), "/secrets/go"), err)
	_, err = secrets.AddSecretVersion(ctx, &secretmanagerpb.AddSecretVersionRequest{
		Parent:  secret.GetName(),
		Payload: &secretmanagerpb.SecretPayload{Data: []byte("one")},
	})
	check("add a version", true, err)
	read, err := secrets.AccessSecretVersion(ctx, &secretmanagerpb.AccessSecretVersionRequest{
		Name: secret.GetName() + "/versions/latest",
	})
	check("access latest", string(read.GetPayload().GetData()) == "one", err)
	policy, err := secrets.IAM(secret.GetName()).Policy(ctx)
	check("read the policy", true, err)
	policy.Add("user:ann@example.com", "roles/secretmanager.secretAccessor")
	check("set the policy", true, secrets.IAM(secret.GetName()).SetPolicy(ctx, policy))

	keys, err := apikeys.NewClient(ctx, options...)
	check("open API Keys", true, err)
	operation, err := keys.CreateKey(ctx, &apikeyspb.CreateKeyRequest{
		Parent: project + "/locations/global",
		KeyId:  "go-key",
		Key: &apikeyspb.Key{Restrictions: &apikeyspb.Restrictions{
			ApiTargets: []*apikeyspb.ApiTarget{{Service: "generativelanguage.googleapis.com"}},
		}},
	})
	check("make a key", true, err)
	key, err := operation.Wait(ctx)
	check("wait for its operation", strings.HasSuffix(key.GetName(), "/keys/go-key"), err)
	text, err := keys.GetKeyString(ctx, &apikeyspb.GetKeyStringRequest{Name: key.GetName()})
	check("read its string", len(text.GetKeyString()) == 39, err)
	_, err = keys.ListKeys(ctx, &apikeyspb.ListKeysRequest{Parent: "projects/nowhere/locations/global"}).Next()
	refusal, isRefusal := apierror.FromError(err)
	check("the details of an error", isRefusal && refusal.Reason() == "CONSUMER_INVALID", nil)

	queue, err := pubsub.NewClient(ctx, "demo-project")
	check("open Pub/Sub", true, err)
	topic := project + "/topics/walked"
	inbox := project + "/subscriptions/walked"
	_, err = queue.TopicAdminClient.CreateTopic(ctx, &pubsubpb.Topic{Name: topic})
	check("create a topic", true, err)
	_, err = queue.SubscriptionAdminClient.CreateSubscription(ctx, &pubsubpb.Subscription{Name: inbox, Topic: topic})
	check("subscribe", true, err)
	change := &secretmanagerpb.Secret{Name: secret.GetName(), Topics: []*secretmanagerpb.Topic{{Name: topic}}}
	_, err = secrets.UpdateSecret(ctx, &secretmanagerpb.UpdateSecretRequest{
		Secret:     change,
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"topics"}},
	})
	check("set the secret's topic", true, err)
	heard := ""
	pulling, stop := context.WithTimeout(ctx, 30*time.Second)
	err = queue.Subscriber(inbox).Receive(pulling, func(_ context.Context, message *pubsub.Message) {
		message.Ack()
		if message.Attributes["eventType"] == "SECRET_UPDATE" {
			heard = message.Attributes["secretId"]
			stop()
		}
	})
	check("hear an event of Secret Manager by StreamingPull", heard == secret.GetName(), err)
	fmt.Printf("go: %d passed, 0 failed\n", passed)
}
