import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.httpjson.InstantiatingHttpJsonChannelProvider;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.cloud.pubsub.v1.AckReplyConsumer;
import com.google.cloud.pubsub.v1.Subscriber;
import com.google.cloud.pubsub.v1.SubscriptionAdminClient;
import com.google.cloud.pubsub.v1.SubscriptionAdminSettings;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import com.google.cloud.pubsub.v1.TopicAdminSettings;
import com.google.cloud.secretmanager.v1.ProjectName;
import com.google.cloud.secretmanager.v1.Replication;
import com.google.cloud.secretmanager.v1.Secret;
import com.google.cloud.secretmanager.v1.SecretManagerServiceClient;
import com.google.cloud.secretmanager.v1.SecretManagerServiceSettings;
import com.google.cloud.secretmanager.v1.SecretPayload;
import com.google.cloud.secretmanager.v1.Topic;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PushConfig;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Google's Java clients against the pretend cloud: Secret Manager over REST, Pub/Sub over gRPC. */
public final class Walk {
  private static int passed = 0;

  private static void check(String what, boolean holds) {
    if (!holds) {
      System.err.println("java: " + what + " does not hold");
      System.exit(1);
    }
    passed += 1;
  }

  public static void main(String[] addresses) throws Exception {
    var transport = InstantiatingHttpJsonChannelProvider.newBuilder().setEndpoint(addresses[0]).build();
    var settings =
        SecretManagerServiceSettings.newHttpJsonBuilder()
            .setTransportChannelProvider(transport)
            .setCredentialsProvider(NoCredentialsProvider.create())
            .build();
    ManagedChannel channel = ManagedChannelBuilder.forTarget(addresses[1]).usePlaintext().build();
    var grpc = FixedTransportChannelProvider.create(GrpcTransportChannel.create(channel));
    var nobody = NoCredentialsProvider.create();
    try (var secrets = SecretManagerServiceClient.create(settings);
        var topics =
            TopicAdminClient.create(
                TopicAdminSettings.newBuilder()
                    .setTransportChannelProvider(grpc)
                    .setCredentialsProvider(nobody)
                    .build());
        var subscriptions =
            SubscriptionAdminClient.create(
                SubscriptionAdminSettings.newBuilder()
                    .setTransportChannelProvider(grpc)
                    .setCredentialsProvider(nobody)
                    .build())) {
      var automatic = Replication.newBuilder().setAutomatic(Replication.Automatic.getDefaultInstance());
      var secret =
          secrets.createSecret(
              ProjectName.of("demo-project"), "java", Secret.newBuilder().setReplication(automatic).build());
      check("create a secret", secret.getName().endsWith("/secrets/java"));
      var payload = SecretPayload.newBuilder().setData(ByteString.copyFromUtf8("one")).build();
      var version = secrets.addSecretVersion(secret.getName(), payload);
      check("add a version", version.getName().endsWith("/versions/1"));
      var read = secrets.accessSecretVersion(secret.getName() + "/versions/latest");
      check("access latest", read.getPayload().getData().toStringUtf8().equals("one"));

      var topic = topics.createTopic("projects/demo-project/topics/java");
      check("create a topic", topic.getName().endsWith("/topics/java"));
      var inbox = "projects/demo-project/subscriptions/java";
      subscriptions.createSubscription(inbox, topic.getName(), PushConfig.getDefaultInstance(), 20);
      check("subscribe", subscriptions.getSubscription(inbox).getAckDeadlineSeconds() == 20);

      var change = secret.toBuilder().clearEtag().addTopics(Topic.newBuilder().setName(topic.getName())).build();
      var updated = secrets.updateSecret(change, FieldMask.newBuilder().addPaths("topics").build());
      check("a patch that is sent as a POST", updated.getTopicsCount() == 1);

      var heard = new CountDownLatch(1);
      var subscriber =
          Subscriber.newBuilder(
                  inbox,
                  (PubsubMessage message, AckReplyConsumer reply) -> {
                    reply.ack();
                    if ("SECRET_UPDATE".equals(message.getAttributesOrDefault("eventType", ""))) heard.countDown();
                  })
              .setChannelProvider(grpc)
              .setCredentialsProvider(nobody)
              .build();
      subscriber.startAsync().awaitRunning();
      check("hear an event of Secret Manager by StreamingPull", heard.await(30, TimeUnit.SECONDS));
      subscriber.stopAsync().awaitTerminated();

      secrets.disableSecretVersion(version.getName());
      try {
        secrets.accessSecretVersion(version.getName());
        check("a disabled version is refused", false);
      } catch (ApiException refusal) {
        check("a disabled version is refused", (refusal + " " + refusal.getCause()).contains("is in DISABLED state"));
      }
    }
    channel.shutdownNow();
    System.out.println("java: " + passed + " passed, 0 failed");
    System.exit(0);
  }
}
